import TinyNumerics

/// Eq. 5.11 without sampling: mean and mean square of a gradient of L_k, for any k, by two
/// quadratures.
///
/// 1/Ω^m = ∫₀^∞ t^{m−1} e^{−tΩ} dt/(m − 1)! turns a quotient by Ω = Σ ω_i into an expectation of
/// products of independent factors. With ψ(t) = E[e^{−tω}], a draw's gradient a and its weight's
/// power m = 1 or 2,
///   E[Σ ω_i^m a_i/Ω^m] = ∫ t^{m−1}/(m − 1)! · k A ψ^{k−1} dt,   A = E[ω^m a e^{−tω}],
///   E[(Σ ω_i^m a_i)²/Ω^{2m}] = ∫ t^{2m−1}/(2m − 1)! · (k B ψ^{k−1} + k(k − 1) A² ψ^{k−2}) dt,
///   with B = E[ω^{2m} a² e^{−tω}].
/// In s = log t the integrands are smooth and die out at both ends, as in 3.18.
struct GradientMoments: Sendable {
  /// One for each node s = log t: t, log ψ, A and B.
  private let nodes: [(t: Double, logTransform: Double, first: Double, second: Double)]
  private let power: Int
  private let spacing: Double

  /// - Parameter shifted: the nodes half-way between: another rule.
  init(_ gradient: BoundGradient, _ channel: Channel, _ q: Normal, shifted: Bool = false) {
    // log ω bends by less than 16 a unit of noise where φ counts, so that e^{−tω} is smooth over
    // 0.02
    let noise = Grid(over: -9...9, count: 900)
    let draws = (0..<noise.count).map { i in
      let epsilon = noise.node(i, shifted: shifted)
      return (
        probability: noise.spacing * Normal.standard.density(epsilon),
        // the weights are divided by their mean, p(x)
        weight: exp(channel.logWeight(q, noise: epsilon) - channel.logEvidence),
        term: gradient.term(channel, q, noise: epsilon)
      )
    }
    let power = gradient.power
    let grid = Grid(over: -48...60, count: 432)
    self.power = power
    spacing = grid.spacing
    nodes = (0..<grid.count).map { i in
      let t = exp(grid.node(i, shifted: shifted))
      var (transform, first, second) = (0.0, 0.0, 0.0)
      for (probability, weight, term) in draws {
        let kept = probability * exp(-t * weight)
        let weighted = (power == 1 ? weight : weight * weight) * term
        transform += kept
        first += kept * weighted
        second += kept * weighted * weighted
      }
      return (t, log(transform), first, second)
    }
  }

  func callAsFunction(draws k: Int) -> (mean: Double, square: Double) {
    let count = Double(k)
    let factorial = power == 1 ? 1.0 : 6  // (2m − 1)!; (m − 1)! is 1
    return nodes.reduce(into: (mean: 0.0, square: 0.0)) { sums, node in
      let t = power == 1 ? node.t : node.t * node.t
      let all = exp((count - 1) * node.logTransform)
      // dt = t ds
      sums.mean += spacing * t * count * node.first * all
      sums.square += spacing * t * t / factorial * count * node.second * all
      if k > 1 {
        let others = exp((count - 2) * node.logTransform)
        sums.square +=
          spacing * t * t / factorial * count * (count - 1) * node.first * node.first * others
      }
    }
  }
}

/// |mean|/standard deviation of one draw of a gradient of L_k: exact, by the mean of two rules.
struct SignalToNoise: Sendable {
  private let rules: [GradientMoments]

  init(_ gradient: BoundGradient, _ channel: Channel, _ q: Normal) {
    rules = [false, true].map { GradientMoments(gradient, channel, q, shifted: $0) }
  }

  func mean(draws k: Int) -> Integral { integral { $0(draws: k).mean } }
  func square(draws k: Int) -> Integral { integral { $0(draws: k).square } }

  func callAsFunction(draws k: Int) -> Double {
    let (mean, square) = (mean(draws: k).value, square(draws: k).value)
    return abs(mean) / (square - mean * mean).squareRoot()
  }

  /// d log SNR/d log k between k and 2k.
  func exponent(draws k: Int) -> Double {
    log(self(draws: 2 * k) / self(draws: k)) / log(2)
  }

  private func integral(_ value: (GradientMoments) -> Double) -> Integral {
    Integral(value(rules[0]), andShifted: value(rules[1]), evaluations: 2 * 432 * 900)
  }
}

/// What SNR · k^{∓½} tends to, by expansion of the quotients in 1/√k, with ω divided by its mean:
///   decoder, × 1/√k:  |E[ωa]| / √E[ω²(a − E[ωa])²],
///   encoder, × √k:    |E[ω²r]| / √E[ω²a²], r = ∂_z log ω,
///   doubly reparameterized, × 1/√k: |E[ω²r]| / √Var(ω²r − 2E[ω²r]ω).
func limitingSignalToNoise(
  _ gradient: BoundGradient, _ channel: Channel, _ q: Normal
) -> Integral {
  func expectation(_ f: @escaping (_ w: Double, _ a: Double, _ r: Double) -> Double) -> Integral {
    expectationOverNoise(
      of: { noise in
        f(
          exp(channel.logWeight(q, noise: noise) - channel.logEvidence),
          gradient.term(channel, q, noise: noise),
          ELBOGradient.pathOnly(channel, q, noise: noise).mean)
      }, under: .standard)
  }
  let signal =
    gradient == .decoder ? expectation { w, a, _ in w * a } : expectation { w, _, r in w * w * r }
  let centre = signal.value
  let variance =
    switch gradient {
    case .decoder: expectation { w, a, _ in square(w * (a - centre)) }
    case .encoder: expectation { w, a, _ in square(w * a) }
    case .doublyReparameterized:
      expectation { w, a, _ in square(w * w * a - 2 * centre * w + centre) }
    }
  let limit = abs(centre) / variance.value.squareRoot()
  return Integral(
    exactly: limit,
    error: limit * (signal.error / abs(centre) + variance.error / variance.value))
}
