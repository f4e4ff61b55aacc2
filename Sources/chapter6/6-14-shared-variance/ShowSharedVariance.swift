import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension DigitStudies {
  // MARK: 6.14

  func showSharedVariance(of trained: PixelModel, in notebook: Notebook) {
    notebook.section("6.14", "One σ² for all pixels: the best is the mean squared residual")
    var generator = Threefry(seed: seed, row: 14)
    let fresh = VariationalAutoencoder<Double>(
      dataWidth: dataset.pixels, hidden: [64], latentDimension: 2, activation: .softplus,
      likelihood: trained.model.decoder.likelihood, using: &generator)
    let cases = [("6.7's Gaussian VAE", trained.model), ("the same, untrained", fresh)].map {
      ($0.0, SharedVariance(of: $0.1, images: trained.images, using: &generator))
    }
    notebook.text(
      """
      Two networks' means of the held-out digits, at one z an image, under one σ² for all pixels. \
      A squared error beside the KL, ‖x − f(z)‖² + KL, is the loss of σ² = ½ times one number: a \
      choice of σ² that nobody made.
      """)
    notebook.table(
      ["−log p(x|z), nats an image", "best σ²", "there", "at σ² = ½", "½ J log σ² of the best"],
      cases.map { name, it in
        [
          name, it.meanSquare.decimals(5), it.loss(variance: it.meanSquare).decimals(3),
          it.loss(variance: 0.5).decimals(3),
          (0.5 * Double(it.pixels) * log(it.meanSquare)).decimals(3),
        ]
      })
    for (name, it) in cases {
      let slope = fivePointDerivative { it.loss(variance: it.meanSquare * exp($0)) }
      let rounding = rounding(it.bestLoss, it.cost(ofVariance: 0.5), 64, terms: it.terms)
      notebook.check(
        .exact(
          "6.14", "\(name): slope of the loss by log σ² at the mean squared residual",
          slope.value, 0, allowance: slope.error))
      notebook.check(
        .exact(
          "6.14", "\(name): the loss there = ½ J (log 2π MSE + 1)",
          it.loss(variance: it.meanSquare), it.bestLoss, allowance: rounding))
      notebook.check(
        .exact(
          "6.14", "\(name): σ² = ½ costs ½ J (r − 1 − log r), r = 2 MSE",
          it.loss(variance: 0.5) - it.loss(variance: it.meanSquare),
          it.cost(ofVariance: 0.5), allowance: rounding))
    }
    notebook.gap()
  }
}
