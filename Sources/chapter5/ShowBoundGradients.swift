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
      L_k = E[log (1/k) Σ ω_i], ω_i = p(x, z_i)/q(z_i), tightens with k (3.15). On the channel of \
      5.7, at q = N(0.5, 0.8²), the signal-to-noise ratio |mean|/sd of one draw of its gradients, \
      by quadrature: in the decoder's weight w, in the guide's µ by path and density, and in µ \
      doubly reparameterized. Beside each the exponent, d log SNR/d log k, from k to 2k.
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

  /// The means are the derivatives of L_k; at k = 2 means and mean squares are also double
  /// integrals of the estimators as they stand.
  private static func checkMeans(
    _ ratios: [SignalToNoise], _ channel: Channel, in notebook: Notebook
  ) {
    let counts = [8, 64]
    let (byWeight, byMean) = (
      counts.map { k in
        boundSlope(draws: k) { bound(channel.moved(weight: channel.weight + $0), boundGuide, $1) }
      },
      counts.map { k in
        boundSlope(draws: k) { bound(channel, boundGuide.moved(by: $0), $1) }
      }
    )
    for (gradient, ratio) in zip(BoundGradient.allCases, ratios) {
      notebook.check(
        .worst(
          "5.11", "\(gradient.rawValue): mean = ∂L_k, k = 8 and 64",
          of: zip(counts, gradient == .decoder ? byWeight : byMean).map { k, slope in
            let mean = ratio.mean(draws: k)
            return (mean.value, slope.value, allowance: mean.error + slope.error)
          }))
      notebook.check(
        .worst(
          "5.11", "\(gradient.rawValue): mean and mean square of two draws, by a double integral",
          of: pairCases(gradient, ratio, channel)))
    }
  }

  /// ∂L_k by differences of 3.18's integral.
  private static func boundSlope(
    draws k: Int, _ bound: (_ shift: Double, _ draws: Int) -> Integral
  ) -> Integral {
    var error = 0.0
    let step = 0.01
    let slope = fivePointDerivative(step: step) { shift in
      let value = bound(shift, k)
      error = max(error, value.error)
      return value.value
    }
    return slope.adding(error: 2 * error / step)
  }

  static func pairCases(
    _ gradient: BoundGradient, _ ratio: SignalToNoise, _ channel: Channel
  ) -> [Comparison] {
    let grid = Grid(over: -8...8, count: 100)
    let phi = Normal.standard
    var (means, squares) = ([0.0, 0], [0.0, 0])
    for (i, shifted) in [false, true].enumerated() {
      for a in (0..<grid.count).map({ grid.node($0, shifted: shifted) }) {
        for b in (0..<grid.count).map({ grid.node($0, shifted: shifted) }) {
          let share = square(grid.spacing) * phi.density(a) * phi.density(b)
          let draw = gradient(channel, boundGuide, noise: [a, b])
          means[i] += share * draw
          squares[i] += share * draw * draw
        }
      }
    }
    let evaluations = 2 * grid.count * grid.count
    let size = rounding(1, squares[0], terms: grid.count * grid.count)
    return [(ratio.mean(draws: 2), means), (ratio.square(draws: 2), squares)].map { exact, sums in
      let byPairs = Integral(sums[0], andShifted: sums[1], evaluations: evaluations)
      return (exact.value, byPairs.value, allowance: exact.error + byPairs.error + size)
    }
  }

  /// SNR · k^{∓½} is a constant and a correction of order 1/k, which 2y(2k) − y(k) removes; what is
  /// left is of order 1/k², at most what it was at half of k.
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
        default: drawsNeeded(relativeVariance: relativeVariance, promise: 0.1))
      var generator = Threefry(seed: notebook.seed, row: 11, part: part)
      var noise = [Double](repeating: 0, count: k)
      let estimate = Estimate(draws: draws) {
        for i in noise.indices { noise[i] = generator.normal() }
        return gradient(channel, boundGuide, noise: noise)
      }
      notebook.check(
        .monteCarlo(
          "5.11", "\(gradient.rawValue): mean of the draws at k = \(k) (to 10%)", estimate,
          exact: mean, promise: 0.1 * abs(mean)))
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

extension Normal {
  func moved(by shift: Double) -> Normal {
    Normal(mean: mean + shift, standardDeviation: standardDeviation)
  }
}
