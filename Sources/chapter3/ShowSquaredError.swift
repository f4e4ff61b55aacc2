import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  static func showSquaredError(in notebook: Notebook) {
    notebook.section("3.19", "Squared error is a Gaussian likelihood")
    notebook.text(
      """
      ‖x − x̂‖² = −log N(x; x̂, ½I) − (J/2) log π: whoever trains with a sum of squares has chosen \
      σ² = ½. A mean over pixels has chosen σ² = J/2 — for 784 pixels a standard deviation of 20, \
      where grey levels go from 0 to 1.
      """)
    var generator = Threefry(seed: notebook.seed, row: 19)
    for j in [3, 784] {
      let x = (0..<j).map { _ in generator.uniform() }
      let reconstruction = x.map { $0 + 0.3 * generator.normal() }
      let squares = zip(x, reconstruction).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let pixels = Double(j)
      let half = gaussianLogLikelihood(x, reconstruction: reconstruction, variance: 0.5)
      notebook.check(
        .exact(
          "3.19", "‖x − x̂‖² = −log N(x; x̂, ½I) − (J/2) log π, J = \(j)", squares,
          -half - 0.5 * pixels * log(.pi), allowance: rounding(1, half, pixels, terms: j)))
      let wide = gaussianLogLikelihood(x, reconstruction: reconstruction, variance: pixels / 2)
      notebook.check(
        .exact(
          "3.19", "‖x − x̂‖²/J = −log N(x; x̂, (J/2) I) − (J/2) log πJ, J = \(j)", squares / pixels,
          -wide - 0.5 * pixels * log(.pi * pixels),
          allowance: rounding(1, wide, pixels * log(pixels), terms: j)))
    }
  }
}
