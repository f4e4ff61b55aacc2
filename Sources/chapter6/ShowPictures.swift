import Foundation
import Notebook
import TinyNumerics

extension Study {
  // MARK: 6.8

  func showPictures(of model: VariationalAutoencoder<Double>, in notebook: Notebook) throws {
    notebook.section("6.8", "Reconstruct, generate, interpolate, walk the plane")
    let plane = LatentPlane(model: model, rows: images.rows, columns: images.columns)
    let codes = model.guides(for: heldOut, rows: Digits.heldOut.count).map(\.mean)
    showReconstructions(plane, codes, in: notebook)
    showSamples(plane, in: notebook)
    showInterpolation(plane, codes, in: notebook)
    showPlane(plane, codes, in: notebook)
    try notebook.figure("chapter6-images") { imagesFigure(plane, codes) }
    try notebook.figure("chapter6-latent-plane") { planeFigure(plane, codes) }
  }

  private func showReconstructions(
    _ plane: LatentPlane, _ codes: [[Double]], in notebook: Notebook
  ) {
    notebook.text("Held-out digits, and below each its reconstruction from the guide's mean:")
    notebook.verbatim(row((0..<5).map(heldOutImage)))
    notebook.verbatim(row(plane.decoded(codes.prefix(5).map { ($0[0], $0[1]) })))
  }

  private func showSamples(_ plane: LatentPlane, in notebook: Notebook) {
    notebook.text("New digits: z from the prior N(0, I), then the decoder's pixel probabilities:")
    notebook.verbatim(row(plane.decoded(priorDraws(5))))
  }

  private func showInterpolation(
    _ plane: LatentPlane, _ codes: [[Double]], in notebook: Notebook
  ) {
    let (a, b) = interpolationEnds
    notebook.text(
      """
      A straight walk in the latent plane from a held-out \(heldOutLabel(a)) to a held-out \
      \(heldOutLabel(b)):
      """)
    notebook.verbatim(row(plane.decoded(plane.walk(from: codes[a], to: codes[b], steps: 5))))
  }

  private func showPlane(_ plane: LatentPlane, _ codes: [[Double]], in notebook: Notebook) {
    notebook.text(
      """
      The latent plane, as the decoder fills it: columns and rows are steps of equal probability under \
      the prior.
      """)
    for line in 0..<4 {
      let latents = plane.manifold(across: 5, down: 4)[5 * line..<5 * line + 5]
      notebook.verbatim(row(plane.decoded(Array(latents))))
    }
    notebook.text(
      "And as the guide fills it: the digit that each held-out image shows, at its code.")
    notebook.verbatim(
      characterPlot(
        codes.enumerated().map { i, code in
          (code[0], code[1], Character("\(heldOutLabel(i))"))
        }, x: -3.2...3.2, y: -3.2...3.2))
  }

  // MARK: Figures

  private func imagesFigure(_ plane: LatentPlane, _ codes: [[Double]]) -> Figure {
    let count = 12
    let (a, b) = interpolationEnds
    let rows =
      (0..<count).map(heldOutImage)
      + plane.decoded(codes.prefix(count).map { ($0[0], $0[1]) })
      + plane.decoded(priorDraws(count))
      + plane.decoded(plane.walk(from: codes[a], to: codes[b], steps: count))
    return Figure(
      "What the trained VAE makes of digits it has not seen, and makes up", width: 760, height: 270,
      panels: [
        Panel(
          images: ImageGrid(rows, width: images.columns, height: images.rows, columns: count),
          rows: [
            "held out", "reconstructed", "from the prior",
            "from \(heldOutLabel(a)) to \(heldOutLabel(b))",
          ])
      ])
  }

  private func planeFigure(_ plane: LatentPlane, _ codes: [[Double]]) -> Figure {
    let side = 14
    let range = -2.6...2.6
    let grid = Grid(over: range, count: side)
    let latents = (0..<side).flatMap { row in
      (0..<side).map { column in (grid.node(column), -grid.node(row)) }
    }
    let manifold = ImageGrid(
      plane.decoded(latents), width: images.columns, height: images.rows, columns: side)
    let axes = (Axis("z₁", range: -3...3), Axis("z₂", range: -3...3))
    let digits = codes.enumerated().map { i, code in
      Mark.text(
        "\(heldOutLabel(i))", at: (code[0], code[1]), align: .centre,
        colour: .series(heldOutLabel(i)))
    }
    return Figure(
      "The latent plane: what the decoder draws at each place, and where the guide puts each digit",
      width: 860, height: 460,
      panels: [
        Panel(
          title: "p(x|z): decoded", x: axes.0, y: axes.1, equalAspect: true,
          marks: [.images(manifold, x: range, y: range)]),
        Panel(
          title: "q(z|x): means of held-out digits", x: axes.0, y: axes.1, equalAspect: true,
          marks: digits),
      ])
  }

  // MARK: Pieces

  private func heldOutImage(_ i: Int) -> [Double] {
    Array(heldOut[i * images.pixels..<(i + 1) * images.pixels])
  }

  private func heldOutLabel(_ i: Int) -> Int { Int(images.labels[Digits.heldOut.lowerBound + i]) }

  /// The first held-out 0 and the first held-out 1.
  private var interpolationEnds: (Int, Int) {
    let labels = Digits.heldOut.indices.map { heldOutLabel($0 - Digits.heldOut.lowerBound) }
    return (labels.firstIndex(of: 0) ?? 0, labels.firstIndex(of: 1) ?? 1)
  }

  private func priorDraws(_ count: Int) -> [(Double, Double)] {
    var generator = Threefry(seed: experiment.seed, stream: 608)
    return (0..<count).map { _ in (generator.normal(), generator.normal()) }
  }

  private func row(_ pictures: [[Double]]) -> String {
    ShadedImage.row(pictures.map { ShadedImage($0, width: images.columns) })
  }
}
