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
    // Each p(x) is a sum of positive terms, and so is their sum.
    let allowance =
      probabilities.reduce(rounding(1, terms: count)) { $0 + $1.allowance(magnitude: $1.value) }
    notebook.check(
      .exact(
        "6.4", "Σ p(x) over all \(count) images, each by a rule of its own", total, 1,
        allowance: allowance))
    notebook.check(.bound("6.4", "the sum of the quadratures' errors", lower: error, upper: 1e-9))
    let misread = bounds.reduce(Integral(exactly: 0), +)
    let excess = zip(bounds, probabilities).map { $0.value - $1.value }.max() ?? .nan
    notebook.check(
      .bound("6.4", "exp ELBO(x) − p(x), its largest value", lower: excess, upper: 0))
    notebook.check(
      .trap(
        "6.T", "exp ELBO(x) taken for p(x): its sum over all images", wrong: misread.value,
        right: 1, allowance: allowance))
    let short = tiny.shortfall(of: probabilities)
    notebook.check(
      .exact(
        "6.T", "what it misses: 1 − Σ exp ELBO(x) = Σ p(x) (1 − e^−D(x))",
        1 - misread.value, short.value,
        allowance: allowance + misread.error + short.error))
  }
}
