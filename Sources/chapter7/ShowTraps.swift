import Notebook
import TinyNumerics

extension Chapter7 {
  static func showTraps(in notebook: Notebook) {
    notebook.text(
      """
      "V has reached −log 4, so the generator has won." A discriminator that flips a coin has V = \
      −log 4 against any generator. Read as 2 JS − log 4 it says JS = 0.
      """)
    notebook.check(
      .worst(
        of: Contest.examples.map { _, contest in
          let value = contest.value { _ in 0 }
          return .exact(
            "7.T", "V of a coin flip = −log 4, whatever p and q", value.value, -log(4),
            allowance: value.error + rounding(2))
        }))
    let far = Contest.shifted(by: 4)
    let flipped = far.value { _ in 0 }
    notebook.check(
      .trap(
        "7.T", "q = N(4, 1): JS read off a coin flip's V", wrong: 0.5 * (flipped.value + log(4)),
        right: far.jensenShannon.value,
        allowance: flipped.error + far.jensenShannon.error + rounding(4)))
    showWrongEnd(in: notebook)
    showMostlyNoise(in: notebook)
  }

  private static func showWrongEnd(in notebook: Notebook) {
    let (near, far) = (Contest.shifted(by: 1), Contest.shifted(by: 2))
    let weak = Critic(a: 0.1, b: -0.2)
    let values = (near: near.value(of: near.logRatio), far: far.value(of: weak.callAsFunction))
    notebook.gap()
    notebook.text(
      """
      "This run's value is lower, so its generator is better." Each value is a lower bound, and as \
      loose as its discriminator is weak: q = N(2, 1) before a weak one has the lower value, and \
      is the worse generator.
      """)
    notebook.check(
      .bound(
        "7.T", "V: N(2, 1) before a weak discriminator is below N(1, 1) before the best",
        lower: values.far.value, upper: values.near.value))
    notebook.check(
      .bound(
        "7.T", "JS: N(2, 1) is above N(1, 1)", lower: near.jensenShannon.value,
        upper: far.jensenShannon.value))
    let (shortfall, best) = (far.shortfall(of: weak.callAsFunction), far.jensenShannon)
    notebook.check(
      .exact(
        "7.T", "the weak one's V is 2 JS − log 4 less its shortfall", values.far.value,
        2 * best.value - log(4) - shortfall.value,
        allowance: values.far.error + 2 * best.error + shortfall.error + rounding(4)))
    notebook.gap()
  }

  private static func showMostlyNoise(in notebook: Notebook) {
    let chain = PixelChain.tenPixels
    let table = chain.table
    let logs = allImages(pixels: 10).map(chain.logProbability)
    let mixed = logs.map { mostlyNoise(logProbability: $0, pixels: 10) }
    let coin = [Double](repeating: 1.0 / 1024, count: 1024)
    notebook.text(
      """
      "Its likelihood is good, so its samples are." Replace 99 of 100 samples by coin flips: log p \
      falls by at most log 100 = 4.605170186 nats on any image. For the ten pixels of 7.1 coin \
      flips are no great loss, so the price is less; for 64 pixels at −16 nats it is all of log \
      100, out of 44 for coin flips alone.
      """)
    notebook.table(
      ["image of", "log p", "99% coin flips", "price", "coin flips alone"],
      [(10, -4.0), (10, -8), (64, -16), (64, -24), (64, -40)].map { pixels, logProbability in
        let mixed = mostlyNoise(logProbability: logProbability, pixels: pixels)
        return [
          "\(pixels) pixels", logProbability.decimals(1), mixed.decimals(6),
          (logProbability - mixed).decimals(9), (-Double(pixels) * log(2)).decimals(2),
        ]
      })
    let cases = zip(logs, Array(repeating: 10, count: 1024)) + [(-16.0, 64), (-24, 64), (-40, 64)]
    notebook.check(
      .worst(
        of: cases.map { logProbability, pixels in
          .bound(
            "7.T", "0.99 coin flips + 0.01 p costs at most log 100 on any image",
            lower: logProbability - mostlyNoise(logProbability: logProbability, pixels: pixels),
            upper: log(100))
        }))
    notebook.check(
      .worst(
        of: cases.map { logProbability, pixels in
          .exact(
            "7.T", "the price is log 100 − log(1 + 99 · 2^{−J}/p(x))",
            logProbability - mostlyNoise(logProbability: logProbability, pixels: pixels),
            priceOfNoise(logProbability: logProbability, pixels: pixels),
            allowance: rounding(1 + abs(logProbability)))
        }))
    notebook.check(
      .exact(
        "7.T", "its samples: TV to p is 0.99 of the coin flips' own",
        totalVariation(mixed.map(exp), table),
        0.99 * totalVariation(coin, table), allowance: rounding(1, terms: 1024)))
  }
}
