import Notebook
import TinyNumerics

extension DigitStudies {
  // MARK: 6.4

  func showTinyVAE(in notebook: Notebook) {
    notebook.section("6.4", "The marginal is a probability: Σ_x p(x) = 1")
    let tiny = TinyVAE(trainedOn: binaryTraining, seed: seed)
    let probabilities = tiny.probabilities()
    let bounds = tiny.exponentiatedELBOs()
    let count = probabilities.count
    notebook.text(
      """
      A VAE of nine pixels, trained on nine pixels of each digit, can make \(count) images. The \
      evidence of each is integrated over a grid of its own, centred on that image's guide; \
      nothing makes the \(count) numbers sum to 1 but that they are probabilities. The ELBO is a \
      logarithm of something smaller: Σ exp ELBO(x) falls short of 1.
      """)
    let total = probabilities.reduce(0) { $0 + $1.value }
    let error = probabilities.reduce(0) { $0 + $1.error }
    notebook.check(
      .exact(
        "6.4", "Σ p(x) over all \(count) images, each by a rule of its own", total, 1,
        allowance: error + 1e-12))
    notebook.check(.bound("6.4", "the sum of the quadratures' errors", lower: error, upper: 1e-9))
    let excess = zip(bounds, probabilities).map { $0 - $1.value }.max() ?? .nan
    notebook.check(
      .bound("6.4", "exp ELBO(x) − p(x), its largest value", lower: excess, upper: 0))
    notebook.check(
      .trap(
        "6.T", "exp ELBO(x) taken for p(x): its sum over all images", wrong: bounds.reduce(0, +),
        right: 1, allowance: error + 1e-12))
  }
}
