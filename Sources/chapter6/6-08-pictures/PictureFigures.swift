import Figures
import TinyNumerics

extension Study {
  func imagesFigure(_ plane: LatentPlane, _ codes: [[Double]]) -> Figure {
    let count = min(12, codes.count)
    let ends = interpolationEnds
    let walk = ends.map { plane.walk(from: codes[$0], to: codes[$1], steps: count) }
    let rows =
      (0..<count).map(heldOutImage)
      + plane.decoded(Array(codes.prefix(count)))
      + plane.decoded(plane.priorDraws(count, seed: experiment.seed))
      + plane.decoded(walk ?? [])
    return Figure(
      "What the trained VAE makes of images it has not seen, and makes up", width: 760, height: 270,
      panels: [
        Panel(
          images: ImageGrid(rows, width: dataset.columns, height: dataset.rows, columns: count),
          rows: [
            "held out", "reconstructed", "from the prior",
          ]
            + (ends.map { a, b in ["from \(heldOutLabel(a)) to \(heldOutLabel(b))"] } ?? []))
      ])
  }

  func planeFigure(_ plane: LatentPlane, _ codes: [[Double]]) -> Figure {
    let side = 14
    let range = -2.6...2.6
    let grid = Grid(over: range, count: side)
    let latents = (0..<side).flatMap { row in
      (0..<side).map { column in [grid.node(column), -grid.node(row)] }
    }
    let manifold = ImageGrid(
      plane.decoded(latents), width: dataset.columns, height: dataset.rows, columns: side)
    let axes = (Axis("z₁", range: -3...3), Axis("z₂", range: -3...3))
    let places = codes.enumerated().map { i, code in
      Mark.text(
        heldOutLabel(i), at: (code[0], code[1]), align: .centre,
        colour: .series(heldOutClass(i)))
    }
    return Figure(
      "The latent plane: what the decoder draws at each place, and where the guide puts each image",
      width: 860, height: 460,
      panels: [
        Panel(
          title: "p(x|z): decoded", x: axes.0, y: axes.1, equalAspect: true,
          marks: [.images(manifold, x: range, y: range)]),
        Panel(
          title: "q(z|x): means of held-out images", x: axes.0, y: axes.1, equalAspect: true,
          marks: places),
      ])
  }
}
