import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension DigitStudy {
  // MARK: 7.12

  func showTelling(in notebook: Notebook) throws {
    Chapter7.showTelling(in: notebook)
    let tests = try tests()
    notebook.text(
      """
      The digits: a network of 64 hidden units learns from half of the training images and as many \
      samples, and is asked about the other halves. (Not about the held-out images: other people \
      wrote them, and that can be told.)
      """)
    notebook.table(
      ["samples of", "right", "TV at least", "JS at least"],
      tests.map { name, test in
        [
          name,
          "\(test.accuracy.mean.decimals(3)) ± \(test.accuracy.standardError.decimals(3))",
          (2 * test.accuracy.mean - 1).decimals(3),
          (log(2) - test.crossEntropy.mean).decimals(3),
        ]
      })
    guard let gan = tests.first(where: { $0.name == "GAN, averaged" })?.test,
      try self.network().course.allowsClaims, try vae().course.allowsClaims,
      self.gan.course.allowsClaims
    else {
      notebook.undefined("claimed of \(Course.standard) epochs only: who is told apart")
      return
    }
    let (network, vae, memory) = (tests[0].test, tests[1].test, tests[2].test)
    notebook.check(harder(network, "masked network", than: vae, "VAE"))
    notebook.check(harder(vae, "VAE", than: gan, "GAN"))
    // Where real images and samples are the same, nobody is right more often than half the time.
    notebook.check(
      .bound(
        "7.12", "training images drawn again are told from the others at most half the time",
        lower: memory.accuracy.mean, upper: 0.5, standardError: memory.accuracy.standardError))
    notebook.gap()
  }

  /// Two tests that share their real images have at most the spread of two that share nothing.
  private func harder(
    _ first: SampleTest, _ name: String, than second: SampleTest, _ other: String
  ) -> Check {
    let spread = hypotenuse(first.accuracy.standardError, second.accuracy.standardError)
    return .bound(
      "7.12", "right about the \(name)'s samples + 5 standard errors ≤ about the \(other)'s",
      lower: first.accuracy.mean + 5 * spread, upper: second.accuracy.mean)
  }
}

private func hypotenuse(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
