import Figures
import Notebook
import TinyNumerics

extension Chapter5 {
  // MARK: 5.11

  /// Where the gradients of L_k are taken: not the posterior.
  static let boundGuide = Normal(mean: 0.5, standardDeviation: 0.8)

  static func showBoundGradients(in notebook: Notebook) throws {
    notebook.section("5.11", "Gradients of L_k: a tighter bound, a fainter signal")
    let channel = Channel.example
    notebook.text(
      """
      L_k = E[log (1/k) Σ w_i] tightens with k (3.15). On the channel of 5.7, at q = N(0.5, 0.8²), the \
      signal-to-noise ratio |mean|/sd of one draw of its gradients, by quadrature: in the decoder's \
      weight w, in the guide's µ by path and density, and in µ doubly reparameterized. Beside each the \
      exponent, d log SNR/d log k, from k to 2k.
      """)
    let ratios = BoundGradient.allCases.map { SignalToNoise($0, channel, boundGuide) }
    showRatios(ratios, in: notebook)
    try notebook.figure("chapter5-signal") { signalFigure(ratios) }
    checkMeans(ratios, channel, in: notebook)
    checkRates(ratios, channel, in: notebook)
    sampleBoundGradients(ratios, channel, in: notebook)
  }

  private static func showRatios(_ ratios: [SignalToNoise], in notebook: Notebook) {
    notebook.table(
      ["k"] + BoundGradient.allCases.flatMap { [$0.rawValue, "exponent"] },
      [1, 4, 16, 64, 256, 1024].map { k in
        ["\(k)"]
          + ratios.flatMap {
            [$0(draws: k).significant(4), $0.exponent(draws: k).decimals(4)]
          }
      })
  }

  /// The means are the derivatives of L_k; at k = 2 means and mean squares are also double integrals of the
  /// estimators as they stand.
  private static func checkMeans(
    _ ratios: [SignalToNoise], _ channel: Channel, in notebook: Notebook
  ) {
    for (gradient, ratio) in zip(BoundGradient.allCases, ratios) {
      notebook.check(
        .worst(
          "5.11", "\(gradient.rawValue): mean = ∂L_k, k = 1, 8, 64",
          of: [1, 8, 64].map { k in
            let (mean, slope) = (ratio.mean(draws: k), boundSlope(gradient, channel, draws: k))
            return (mean.value, slope.value, allowance: mean.error + slope.error)
          }))
    }
    for (gradient, ratio) in zip(BoundGradient.allCases, ratios) {
      notebook.check(
        .worst(
          "5.11", "\(gradient.rawValue): mean and mean square of two draws, by a double integral",
          of: pairCases(gradient, ratio, channel)))
    }
  }

  /// ∂L_k/∂w or ∂L_k/∂µ, by differences of 3.18's integral.
  static func boundSlope(_ gradient: BoundGradient, _ channel: Channel, draws k: Int) -> Integral {
    var error = 0.0
    let slope = fivePointDerivative(step: 0.02) { h in
      let value =
        gradient == .decoder
        ? bound(channel.moved(weight: channel.weight + h), boundGuide, draws: k)
        : bound(
          channel,
          Normal(
            mean: boundGuide.mean + h, standardDeviation: boundGuide.standardDeviation), draws: k)
      error = max(error, value.error)
      return value.value
    }
    return slope.adding(error: error / 0.02)
  }

  static func pairCases(
    _ gradient: BoundGradient, _ ratio: SignalToNoise, _ channel: Channel
  ) -> [Comparison] {
    let grid = Grid(over: -9...9, count: 180)
    let phi = Normal.standard
    return [1, 2].map { power in
      let byPairs = grid.integrate(with: grid) { a, b in
        let draw = gradient(channel, boundGuide, noise: [a, b])
        return phi.density(a) * phi.density(b) * (power == 1 ? draw : draw * draw)
      }
      let exact = power == 1 ? ratio.mean(draws: 2) : ratio.square(draws: 2)
      return (
        exact.value, byPairs.value,
        allowance: exact.error + byPairs.error
          + rounding(1, ratio.square(draws: 2).value, terms: 180 * 180)
      )
    }
  }

  /// SNR · k^{∓½} is a constant and a correction of order 1/k, which 2y(2k) − y(k) removes; what is left is of
  /// order 1/k², at most what it was at half of k.
  private static func checkRates(
    _ ratios: [SignalToNoise], _ channel: Channel, in notebook: Notebook
  ) {
    for (gradient, ratio) in zip(BoundGradient.allCases, ratios) {
      let half = gradient == .encoder ? -0.5 : 0.5
      let exponent = extrapolated { ratio.exponent(draws: $0) }
      notebook.check(
        .exact(
          "5.11", "\(gradient.rawValue): exponent, extrapolated to k = ∞", exponent.value, half,
          allowance: exponent.error))
      let constant = extrapolated { ratio(draws: $0) / pow(Double($0), half) }
      let limit = limitingSignalToNoise(gradient, channel, boundGuide)
      notebook.check(
        .exact(
          "5.11", "\(gradient.rawValue): SNR/k^{\(half < 0 ? "−½" : "½")} tends to its limit",
          constant.value, limit.value, allowance: constant.error + limit.error))
    }
  }

  static func extrapolated(_ y: (Int) -> Double) -> Integral {
    let (fine, coarse) = (2 * y(1024) - y(512), 2 * y(512) - y(256))
    return Integral(exactly: fine, error: abs(fine - coarse))
  }

  static func sampleBoundGradients(
    _ ratios: [SignalToNoise], _ channel: Channel, in notebook: Notebook
  ) {
    let k = 8
    for (part, (gradient, ratio)) in zip(BoundGradient.allCases, ratios).enumerated() {
      let (mean, square) = (ratio.mean(draws: k).value, ratio.square(draws: k).value)
      let relativeVariance = square / chapter5.square(mean) - 1
      let draws = notebook.samples(
        default: drawsNeeded(relativeVariance: relativeVariance, promise: 0.05))
      var generator = Threefry(seed: notebook.seed, row: 11, part: part)
      var noise = [Double](repeating: 0, count: k)
      let estimate = Estimate(draws: draws) {
        for i in noise.indices { noise[i] = generator.normal() }
        return gradient(channel, boundGuide, noise: noise)
      }
      notebook.check(
        .monteCarlo(
          "5.11", "\(gradient.rawValue): mean of the draws at k = \(k) (to 5%)", estimate,
          exact: mean, promise: 0.05 * abs(mean)))
    }
  }

  private static func signalFigure(_ ratios: [SignalToNoise]) -> Figure {
    let colours: [Mark.Colour] = [.first, .second, .third]
    let curves = zip(zip(BoundGradient.allCases, ratios), colours).map { pair, colour in
      Mark.line(
        (0...10).map { j in (Double(1 << j), pair.1(draws: 1 << j)) }, label: pair.0.rawValue,
        colour: colour)
    }
    return Figure(
      "Signal to noise of three gradients of L_k", width: 560, height: 380,
      panels: [
        Panel(
          x: Axis("k", scale: .log10), y: Axis("|mean| / sd of a draw", scale: .log10),
          labels: .atEnds, marks: curves)
      ])
  }
}
