import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension DigitStudy {
  // MARK: 7.T

  func showTraps(in notebook: Notebook) throws {
    Chapter7.showTraps(in: notebook)
    notebook.gap()
    showMemory(in: notebook)
    try showOwnValue(in: notebook)
  }

  /// Good samples, bad likelihood.
  private func showMemory(in notebook: Notebook) {
    let memory = ImageMemory(images: digits.training.bits, pixels: digits.training.width)
    let known = Set(memory.images)
    let heldOut = digits.heldOut.bits
    let copies = heldOut.count(where: known.contains)
    let best = memory.bestFlips(turns: 100)
    func scores(_ epsilon: Double) -> [Double] {
      heldOut.map { memory.logProbability($0, flips: epsilon) }
    }
    notebook.text(
      """
      "Its samples are good, so its likelihood is." A model that draws training images again makes \
      perfect samples, which 7.12 cannot tell from data. Of \(heldOut.count) held-out images \
      \(copies) are copies of one; the others have log p(x) = −∞. Flipped pixels lend it a \
      density, and then it is the flips that are scored; \(best.decimals(7)) is best for the \
      training images.
      """)
    notebook.table(
      ["a pixel flipped with", "held-out log p(x)"],
      [0.05, best, 0.06].map { [$0.decimals(7), mean(scores($0)).decimals(7)] })
    let distances = digits.heldOut.map { image in
      digits.training.lazy.map { zip(image, $0).reduce(0) { $0 + abs($1.0 - $1.1) } }.min() ?? 0
    }
    notebook.check(
      .exact(
        "7.T", "held-out copies: found in a set = at distance 0", Double(copies),
        Double(distances.count { $0 == 0 }), allowance: 0))
    notebook.check(
      .worst(
        of: (0..<5).map { i in
          .exact(
            "7.T", "log p(x) of the flipped memory, by distances = pixel by pixel",
            scores(best)[i], pixelByPixel(digits.heldOut[i], flips: best),
            allowance: rounding(100, terms: 1500))
        }))
    notebook.check(
      .worst(
        of: [-0.002, 0.002].map { step in
          .bound(
            "7.T", "that share of flips is best for training images left out: ± 0.002 are worse",
            lower: leftOut(memory, flips: best + step), upper: leftOut(memory, flips: best))
        }))
    notebook.gap()
  }

  /// log (1/N) Σ_i Π_j of flips and their absence, one pixel after the other.
  private func pixelByPixel(_ x: ArraySlice<Double>, flips epsilon: Double) -> Double {
    let total = digits.training.reduce(0) { sum, image in
      sum + zip(x, image).reduce(1) { $0 * ($1.0 == $1.1 ? 1 - epsilon : epsilon) }
    }
    return log(total / Double(digits.training.count))
  }

  /// Mean log p of each training image among the others: N p_N(x) has one term, (1 − ε)^J, of its
  /// own.
  private func leftOut(_ memory: ImageMemory, flips epsilon: Double) -> Double {
    let (count, pixels) = (Double(memory.images.count), Double(memory.pixels))
    return mean(
      memory.images.map { x in
        log(count * exp(memory.logProbability(x, flips: epsilon)) - pow(1 - epsilon, pixels))
          - log(count - 1)
      })
  }

  /// A GAN's own V is near −log 4 while a fresh classifier tells its samples.
  private func showOwnValue(in notebook: Notebook) throws {
    guard let gan = try samples().gan,
      let test = try tests().first(where: { $0.name == "GAN, averaged" })?.test
    else {
      notebook.undefined("a GAN without numbers has no V")
      return
    }
    let judge = self.gan.players.discriminator.network
    let count = digits.training.count
    var random = Threefry(seed: seed, row: 11, part: 3)
    func logits(_ images: Rows<Double>) -> [Double] {
      judge(noisy(images.single, random.normals(images.count, width: images.width))).numbers.map {
        Double($0)
      }
    }
    let value = Estimate(
      zip(logits(digits.training), logits(gan.averaged.rows(0..<count))).map {
        logSigmoid($0) + logSigmoid(-$1)
      })
    notebook.text(
      """
      "V is nearly −log 4, so the generator is nearly perfect." The GAN's own discriminator has \
      V = \(value.mean.decimals(2)) on its averaged weights' samples, near −log 4 = −1.39: JS \
      \((0.5 * (value.mean + log(4))).decimals(2)), it seems. 7.12's fresh network is right about \
      \((100 * test.accuracy.mean).decimals(0))% of them: JS is at least \
      \((log(2) - test.crossEntropy.mean).decimals(2)).
      """)
    guard self.gan.course.allowsClaims else { return }
    let spread =
      (0.25 * value.standardError * value.standardError
      + test.crossEntropy.standardError * test.crossEntropy.standardError).squareRoot()
    notebook.check(
      .bound(
        "7.T", "JS read off the GAN's own V + 5 standard errors ≤ what a fresh network shows",
        lower: 0.5 * (value.mean + log(4)) + 5 * spread, upper: log(2) - test.crossEntropy.mean))
    notebook.gap()
  }
}
