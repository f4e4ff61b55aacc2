import Figures
import Foundation
import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension Study {
  // MARK: 6.8

  func showPictures(of model: VariationalAutoencoder<Double>, in notebook: Notebook) throws {
    notebook.section("6.8", "Reconstruct, generate, interpolate, walk the latent space")
    let plane = LatentPlane(model: model, encoding: encoding)
    let codes = model.guides(for: examined).map(\.mean)
    let across = dataset.columns <= 16 ? 5 : 3
    notebook.text("Held-out images, and below each its reconstruction from the guide's mean:")
    let count = min(across, codes.count)
    notebook.verbatim(row((0..<count).map(heldOutImage)))
    notebook.verbatim(row(plane.decoded(Array(codes.prefix(count)))))
    notebook.text("New images: z from the prior N(0, I), then the decoder's mean of each pixel:")
    notebook.verbatim(row(plane.decoded(plane.priorDraws(across, seed: experiment.seed))))
    showInterpolation(plane, codes, steps: across, in: notebook)
    if experiment.latent <= 2 { checkMeanGrey(plane, exact: meanGrey(plane), in: notebook) }
    if experiment.latent == 2 { showPlane(plane, codes, across: across, in: notebook) }
    try notebook.figure("chapter6-images") { imagesFigure(plane, codes) }
    if experiment.latent == 2 {
      try notebook.figure("chapter6-latent-plane") { planeFigure(plane, codes) }
    }
  }

  /// Eq. 6.8: generation draws z from the prior, so the greys of what it makes average to ∫ p(z) grey(z) dz.
  func meanGrey(_ plane: LatentPlane) -> Double {
    let lattice = Lattice(
      Grid(over: -8...8, count: 120), shifted: false, dimension: experiment.latent)
    let points = lattice.points
    let weights = logPrior(points).map { exp($0) }
    let greys = zip(weights, plane.decoded(points.map { Array($0) })).reduce(0) {
      $0 + $1.0 * mean($1.1)
    }
    return greys / weights.reduce(0, +)
  }

  func checkMeanGrey(_ plane: LatentPlane, exact: Double, in notebook: Notebook) {
    let draws = min(notebook.samples(default: 2000), 100_000)
    let sampled = Estimate(
      plane.decoded(plane.priorDraws(draws, seed: notebook.seed)).map { mean($0) })
    notebook.check(
      .monteCarlo(
        "6.8", "mean grey of \(draws) images from the prior = Σ over a grid of the prior",
        estimate: sampled.mean, standardError: sampled.standardError,
        exact: exact, promise: 0.02 * max(1, 2000 / Double(draws)).squareRoot()))
    notebook.gap()
  }

  private func showInterpolation(
    _ plane: LatentPlane, _ codes: [[Double]], steps: Int, in notebook: Notebook
  ) {
    let (a, b) = interpolationEnds
    notebook.text(
      """
      A straight walk in the latent space from a held-out \(heldOutLabel(a)) to a held-out \
      \(heldOutLabel(b)):
      """)
    notebook.verbatim(row(plane.decoded(plane.walk(from: codes[a], to: codes[b], steps: steps))))
  }

  private func showPlane(
    _ plane: LatentPlane, _ codes: [[Double]], across: Int, in notebook: Notebook
  ) {
    notebook.text(
      """
      The latent plane, as the decoder fills it: columns and rows are steps of equal probability under \
      the prior.
      """)
    let manifold = plane.manifold(across: across, down: 4)
    for line in 0..<4 {
      notebook.verbatim(row(plane.decoded(Array(manifold[across * line..<across * (line + 1)]))))
    }
    guard hasLabels else { return }
    notebook.text(
      "And as the guide fills it: the class that each held-out image shows, at its code.")
    notebook.verbatim(
      characterPlot(
        codes.enumerated().map { i, code in
          (code[0], code[1], Character(heldOutLabel(i)))
        }, x: -3.2...3.2, y: -3.2...3.2))
  }

  // MARK: Figures

  private func imagesFigure(_ plane: LatentPlane, _ codes: [[Double]]) -> Figure {
    let count = min(12, codes.count)
    let (a, b) = interpolationEnds
    let rows =
      (0..<count).map(heldOutImage)
      + plane.decoded(Array(codes.prefix(count)))
      + plane.decoded(plane.priorDraws(count, seed: experiment.seed))
      + plane.decoded(plane.walk(from: codes[a], to: codes[b], steps: count))
    return Figure(
      "What the trained VAE makes of images it has not seen, and makes up", width: 760, height: 270,
      panels: [
        Panel(
          images: ImageGrid(rows, width: dataset.columns, height: dataset.rows, columns: count),
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

  // MARK: Pieces

  private func heldOutImage(_ i: Int) -> [Double] {
    let brightest = Double(encoding.levels - 1)
    switch encoding.likelihood {
    case .gaussian: return dataset.heldOut.levels[i].map { Double($0) / brightest }
    default: return Array(examined[i])
    }
  }

  private var hasLabels: Bool { !dataset.heldOut.labels.isEmpty }

  func heldOutClass(_ i: Int) -> Int { hasLabels ? Int(dataset.heldOut.labels[i]) : 0 }

  /// The class as one letter or digit; without labels a dot.
  func heldOutLabel(_ i: Int) -> String {
    guard hasLabels else { return "·" }
    return heldOutClass(i) < 36 ? String(heldOutClass(i), radix: 36) : "+"
  }

  /// The first held-out image of class 0 and the first of class 1, or the first two images.
  private var interpolationEnds: (Int, Int) {
    let classes = (0..<dataset.examinedCount).map(heldOutClass)
    let last = min(1, classes.count - 1)
    return (classes.firstIndex(of: 0) ?? 0, classes.firstIndex(of: 1) ?? last)
  }

  private func row(_ pictures: [[Double]]) -> String {
    ShadedImage.row(
      pictures.map { picture in
        let small = shrunk(picture, rows: dataset.rows, columns: dataset.columns)
        return ShadedImage(small.pixels, width: small.columns)
      })
  }
}

/// A picture for the terminal: blocks of pixels are averaged until it is at most 16 wide.
func shrunk(
  _ picture: [Double], rows: Int, columns: Int
) -> (pixels: [Double], columns: Int) {
  let factor = (columns + 15) / 16
  let (height, width) = (rows / factor, columns / factor)
  let pixels = (0..<height * width).map { i in
    let (y, x) = (i / width * factor, i % width * factor)
    let block = (0..<factor).flatMap { dy in
      (0..<factor).map { dx in picture[(y + dy) * columns + x + dx] }
    }
    return mean(block)
  }
  return (pixels, width)
}
