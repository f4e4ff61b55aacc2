import Notebook
import TinyNumerics

extension Chapter8 {
  static func showTraps(in notebook: Notebook) {
    showShortSchedule(in: notebook)
    showWrongVariance(in: notebook)
    showSimpleLoss(in: notebook)
    showZeroOne(in: notebook)
  }

  private static func showShortSchedule(in notebook: Notebook) {
    notebook.text(
      """
      A schedule made for 1,000 steps and used for 100: Ho's β, 10⁻⁴ … 0.02. Noise does not drown \
      the image, and the prior N(0, 1) pays L_T for 64 pixels:
      """)
    let (short, long) = (Schedule.ho(steps: 100), Schedule.ho(steps: 1000))
    // ᾱ_T another way: β is an arithmetic series
    func alphaBar(_ steps: Int) -> Double {
      exp((0..<steps).reduce(0) { $0 + log1p(-(1e-4 + 0.0199 * Double($1) / Double(steps - 1))) })
    }
    func priorTerm(_ steps: Int) -> Double { -32 * log1p(-alphaBar(steps)) }
    notebook.check(
      .worst(
        "8.T", "L_T of 64 pixels, T = 100 and 1000: ᾱ_T from Σ log(1 − β)",
        of: [(short, 100), (long, 1000)].map { schedule, steps in
          (64 * schedule.pixelPriorTerm, priorTerm(steps), rounding(64, terms: steps))
        }))
    notebook.check(
      .trap(
        "8.T", "Ho's β cut to T = 100 (ᾱ_T = \(short.alphaBar(100).significant(4))): L_T in nats",
        wrong: 64 * short.pixelPriorTerm, right: 64 * long.pixelPriorTerm,
        allowance: rounding(64, terms: 1000)))
    notebook.gap()
  }

  private static func showWrongVariance(in notebook: Notebook) {
    notebook.text(
      """
      The wrong one of two variances. β̃_t on data with a density costs γ/2 a dimension, β_t on a \
      point or on pixels (1 − γ)/2, for equal β as T grows:
      """)
    let lengths = [500, 1000, 2000, 4000]
    let schedules = lengths.map { Schedule.equal(1, steps: $0) }
    let ho = Schedule.ho(steps: 1000)
    notebook.table(
      ["schedule", "β̃_t on N(0, 1) data", "β_t on a point"],
      (zip(lengths.map { "equal β, T = \($0)" }, schedules) + [("Ho, T = 1000", ho)]).map {
        name, schedule in
        [name, schedule.costOfPosteriorVariance.decimals(9), schedule.costOfBeta.decimals(9)]
      })
    for (name, values, exact) in [
      ("β̃_t, N(0, 1) data: γ/2", schedules.map(\.costOfPosteriorVariance), eulerGamma / 2),
      ("β_t, a point: (1 − γ)/2", schedules.map(\.costOfBeta), (1 - eulerGamma) / 2),
    ] {
      let limit = limit(of: values, first: 2, second: 2)
      notebook.check(
        .exact("8.T", "\(name) (extrapolated)", limit.value, exact, allowance: limit.error))
    }
    // N(0, 1) data: E x_0² = 1, and the bound is quadratic in x_0, so that x_0 = 1 is the average.
    let wrong = LinearChain(ho, dataVariance: 1, variance: .posterior)
    let point = (2...1000).reduce(0) { sum, t in
      let q = Normal(mean: 0, variance: ho.posteriorVariance(t))
      return sum + klDivergence(q, relativeTo: Normal(mean: 0, variance: ho.beta(t)))
    }
    notebook.check(
      .exact(
        "8.T", "β̃_t on N(0, 1) data, Ho's T = 1000: −h − E ELBO",
        -Normal.standard.entropy - wrong.elbo(1), ho.costOfPosteriorVariance,
        allowance: rounding(2, terms: 1000)))
    notebook.check(
      .exact(
        "8.T", "β_t on a point, Ho's T = 1000: Σ D(N(0, β̃_t)‖N(0, β_t))", point, ho.costOfBeta,
        allowance: rounding(1, terms: 1000)))
    notebook.gap()
  }

  private static func showSimpleLoss(in notebook: Notebook) {
    notebook.text(
      """
      The "simple" loss E(ε − ε̂)², averaged over t, read as −ELBO. On the two peaks, T = 16, best \
      denoiser, best constant variance:
      """)
    let schedule = Schedule(.standard, steps: 16)
    let (entropy, gap) = (TwoPeaks.data.entropy, gaps(schedule)[.constant])
    let right = entropy.value + gap.value
    let simple = schedule.simpleLoss(of: .data)
    let errors = (1...16).map { t in
      schedule.signalToNoise(t) * TwoPeaks.data.meanSquaredError(schedule.signalToNoise(t))
    }
    let bySquares = mean(errors.map(\.value))
    notebook.check(
      .exact(
        "8.T", "simple loss = mean of SNR_t mmse(SNR_t)", simple.value, bySquares,
        allowance: simple.error + errors.reduce(0) { $0 + $1.error } + rounding(1, terms: 640)))
    let allowance = simple.error + entropy.error + gap.error + rounding(32)
    notebook.check(
      .trap(
        "8.T", "the simple loss read as −ELBO", wrong: simple.value, right: right,
        allowance: allowance))
    notebook.check(
      .bound(
        "8.T", "it even lies below −E log q(x_0), which no −ELBO can", lower: simple.value,
        upper: entropy.value))
    showAveragedTerms(in: notebook)
  }

  /// The terms L_{t−1} are T − 1 summands of one bound. Averaged, they are hardly there at all.
  private static func showAveragedTerms(in notebook: Notebook) {
    let pixels = IndependentPixels.example
    let schedule = Schedule(rootSignalToNoiseFrom: 2, to: 0.01, steps: 100)
    let bound = pixels.bound(schedule)
    let wrong = bound.prior + bound.steps / 99 + bound.reconstruction
    notebook.gap()
    notebook.text(
      """
      And the terms L_{t−1} averaged over t where they must be summed, for the pixels of 8.9, T = \
      100:
      """)
    notebook.check(
      .trap(
        "8.T", "the terms averaged over t", wrong: wrong, right: bound.total,
        allowance: rounding(bound.total, terms: 400)))
    notebook.check(
      .bound(
        "8.T", "it lies below −E log p(x), which no −ELBO can", lower: wrong,
        upper: pixels.entropy))
    notebook.gap()
  }

  private static func showZeroOne(in notebook: Notebook) {
    notebook.text(
      """
      Pixels 0/1 in place of ±1 carry a quarter of the signal: the schedule ends too early at its \
      clean end. L_0 of 64 fair pixels at SNR_1 = 16:
      """)
    let pixel = Pixel(probability: 0.3)
    notebook.check(
      .worst(
        "8.T", "log-odds of a pixel 0/1 = those of a pixel ±1 at a quarter of the SNR",
        of: [0.2, 0.5, 0.9].flatMap { alphaBar in
          [-0.4, 0.1, 1.2].map { xt in
            let quarter = alphaBar / (1 - alphaBar) / 4
            let (scale, deviation) = (alphaBar.squareRoot(), (1 - alphaBar).squareRoot())
            // what ±1 would have been seen as: y = √SNR x + ε
            let y = (xt - 0.5 * scale) / deviation
            let odds = pixel.logOdds(
              seeing: y / (1 + quarter).squareRoot(), alphaBar: quarter / (1 + quarter),
              noise: 1 / (1 + quarter))
            return (
              lhs: logOddsOfZeroOne(pixel, seeing: xt, alphaBar: alphaBar), rhs: odds,
              allowance: rounding(10)
            )
          }
        }))
    let fair = PixelChannel(Pixel(probability: 0.5))
    let tail = [16.0, 4].map { fair.area(from: 0, to: $0) }
    notebook.check(
      .worst(
        "8.T", "L_0 of 64 fair pixels, SNR_1 = 16 and 4 = 32 ∫ mmse dγ from there on",
        of: zip([16.0, 4], tail).map { gamma, area in
          (
            64 * fair.crossEntropy(gamma), 64 * (log(2) - area.value),
            64 * area.error + rounding(64, terms: 400)
          )
        }))
    notebook.check(
      .trap(
        "8.T", "pixels 0/1 under a schedule for ±1: L_0", wrong: 64 * fair.crossEntropy(4),
        right: 64 * fair.crossEntropy(16), allowance: rounding(64, terms: 400)))
    notebook.gap()
  }
}
