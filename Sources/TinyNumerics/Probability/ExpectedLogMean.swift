/// Eq. 3.18, in nats, without sampling: E[log w̄] for the mean w̄ of k independent weights, each of
/// them exp(logWeights[z]) with the probability of z. It is the k-sample bound L_k on the
/// log-evidence, and E[log p̂] of eq. 2.4.
///
/// Frullani's integral log w̄ = ∫₀^∞ (e^{−t} − e^{−t w̄}) dt/t, and the transform of a sum of
/// independent weights is the product of theirs:
///   E[log w̄] = ∫₀^∞ (e^{−t} − ψ(t/k)^k) dt/t,   ψ(t) = E[e^{−tw}].
/// The weights are divided by their mean first. In s = log t the integrand is analytic for |Im s| <
/// ½π and dies out at both ends, so equally spaced nodes are as good as exact.
///
/// Where z is a real number, hand in the nodes of a quadrature rule as the outcomes of z, their
/// weights times density as probabilities; the error of that rule is not part of the error reported
/// here.
///
/// - Returns: −∞ if a weight of zero has a positive probability.
/// - Requires: one logarithm for each outcome, none of them +∞ or NaN; at least one draw.
public func expectedLogMean(
  logWeights: [Double], under z: Discrete, draws k: Int
) -> Integral {
  require(
    logWeights.count == z.count && logWeights.allSatisfy { $0 < .infinity } && k >= 1,
    "one logarithm of a finite weight for each outcome, and at least one draw")
  let possible = zip(z.probabilities, logWeights).filter { $0.0 > 0 }
  guard possible.allSatisfy({ $0.1 > -.infinity }) else {
    return Integral(value: -.infinity, error: 0, evaluations: 0)
  }
  let logMean = logSumExp(possible.map { log($0) + $1 })
  let weights = MeanOfWeights(
    possible.map { (probability: $0, logWeight: $1 - logMean) }, draws: k)
  let integral = weights.range.integrate { s in expm1(-exp(s)) - expm1(weights.logTransform(s)) }
  let value = logMean + integral.value
  return Integral(
    value: value, error: integral.error + 4 * .ulpOfOne * (abs(logMean) + abs(integral.value)),
    evaluations: integral.evaluations)
}

/// The mean w̄ of k independent weights whose expectation is 1.
private struct MeanOfWeights {
  let outcomes: [(probability: Double, logWeight: Double)]
  let draws: Double

  init(_ outcomes: [(probability: Double, logWeight: Double)], draws: Int) {
    self.outcomes = outcomes
    self.draws = Double(draws)
  }

  /// log E[e^{−t w̄}] = k log ψ(t/k) at t = eˢ.
  func logTransform(_ s: Double) -> Double {
    var (missing, kept) = (0.0, 0.0)  // ψ − 1, which has the digits where ψ is near 1, and ψ
    for (probability, logWeight) in outcomes {
      let exponent = -exp(s - log(draws) + logWeight)
      let lost = expm1(exponent)
      missing += probability * lost
      kept += probability * (lost > -0.5 ? 1 + lost : exp(exponent))
    }
    return draws * (missing > -0.5 ? log1p(missing) : log(kept))
  }

  /// The stretch of s outside which the integrand is below 10⁻²⁰.
  /// - Below: 0 ≤ E[e^{−t w̄}] − e^{−t} ≤ e^{−t} (e^{t² E[w²]/2k} − 1), from e^{−x} ≤ 1 − x + ½x².
  /// - Above: E[e^{−t w̄}] is the larger of the two terms (Jensen), and falls.
  var range: Grid {
    let logSecondMoment = logSumExp(outcomes.map { log($0) + 2 * $1 })
    let low = 0.5 * (log(2 * draws) - logSecondMoment - 46)
    var high = log(46.0)
    while logTransform(high) > -46 { high += 1 }
    return Grid(over: low...high, count: Int(((high - low) / 0.25).rounded(.up)))
  }
}
