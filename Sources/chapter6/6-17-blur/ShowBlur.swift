import Figures
import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension Study {
  // MARK: 6.17

  func showBlur(of model: VariationalAutoencoder<Double>, in notebook: Notebook) throws {
    notebook.section("6.17", "Why images of a VAE look blurred")
    let plane = LatentPlane(model: model, encoding: encoding)
    let exact = PixelVariance(exactly: plane)
    var generator = Threefry(seed: notebook.seed, row: 17)
    let pairs = min(max(notebook.samples(default: 2000), 2), 100_000)
    let sampled = PixelVariance.sampled(plane, pairs: pairs, using: &generator)
    let total = exact.ownNoise + exact.byLatent
    notebook.text(
      """
      The variance of a pixel of the model's own images, summed over the \(dataset.pixels) pixels: \
      what z decides, and what each pixel's Bernoulli adds by itself. A picture of the means \
      leaves \
      the second part out.
      """)
    notebook.table(
      ["Σ_j of", "variance", "share"],
      [
        ("Var_z E[x_j|z], by z", exact.byLatent),
        ("E_z Var[x_j|z], the pixel's own", exact.ownNoise),
        ("Var x_j", total),
      ].map { [$0.0, $0.1.decimals(4), ($0.1 / total).decimals(3)] })
    let promise = 0.03 * total * max(1, 2000 / Double(pairs)).squareRoot()
    for (name, estimate, value) in [
      ("by z: half the square between the means of two z", sampled.byLatent, exact.byLatent),
      ("own: half the square between two images of one z", sampled.ownNoise, exact.ownNoise),
    ] {
      show(
        .monteCarlo(
          "6.17", "\(name), against the grid", estimate: estimate.mean,
          standardError: estimate.standardError, exact: value, promise: promise), in: notebook)
    }
    notebook.gap()
    try notebook.figure("chapter6-blur") { figure(plane) }
  }

  private func figure(_ plane: LatentPlane) -> Figure {
    var generator = Threefry(seed: experiment.seed, row: 17, part: 1)
    let count = min(12, examined.count)
    let means = plane.decoded(plane.priorDraws(count, seed: experiment.seed))
    let draws = means.map { PixelVariance.drawn($0, using: &generator) }
    let rows = means + draws + (0..<count).map(heldOutImage)
    return Figure(
      "A mean of p(x|z) is smooth; a draw from it is not", width: 760, height: 220,
      panels: [
        Panel(
          images: ImageGrid(rows, width: dataset.columns, height: dataset.rows, columns: count),
          rows: ["the means", "drawn from them", "held out"])
      ])
  }
}
