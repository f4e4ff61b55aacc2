import TinyNumerics

/// How fast the gaps of eq. 8.6 close, from the data and the noise in continuous time alone. v_t =
/// (β/α)(1 + β ∂² log q): to first order in β a step back is a normal of variance β, and what makes
/// it another distribution is
/// - its variance depending on x_t: ½·½ Var(v)/v² = ¼ β² Var[∂² log q], T steps of β = β(u)/T:
///   C₁/T;
/// - its third cumulant β³ ∂³ log q: κ₃²/(12 v³) = β³ (∂³ log q)²/12: C₂/T².
struct Rates {
  /// C₂ = ∫ β³ E[(∂³ log q_u)²] du/12, for the best normal at every x_t.
  let varying: Integral
  /// C₁ = ¼ ∫ β² Var[∂² log q_u] du, for the best variance that is the same at every x_t.
  let constant: Integral
  /// ¼ ∫ β² E[(1 + ∂² log q_u)²] du, for σ² = β_t: of v/β = 1 + β (1 + ∂² log q) the mean counts
  /// too.
  let beta: Integral

  init(_ noise: ContinuousNoise) {
    func overTime(_ f: @escaping (TwoPeaks, Double) -> Double) -> Integral {
      integrate(over: 0...1, tolerance: 1e-9) { u in
        let q = TwoPeaks.data.noised(alphaBar: noise.alphaBar(u), noise: noise.noise(u))
        return f(q, noise.rate(u))
      }
    }
    varying = overTime { q, beta in
      let square = q.expectation { q.thirdDerivative($0) * q.thirdDerivative($0) }.value
      return beta * beta * beta * square / 12
    }
    constant = overTime { q, beta in
      let mean = q.expectation(q.curvature).value
      let spread = q.expectation { (q.curvature($0) - mean) * (q.curvature($0) - mean) }.value
      return beta * beta * spread / 4
    }
    beta = overTime { q, beta in
      let square = q.expectation { (1 + q.curvature($0)) * (1 + q.curvature($0)) }.value
      return beta * beta * square / 4
    }
  }
}

/// The limit of a sequence whose n-th value belongs to r times as many steps as the one before,
/// from its last three. Two errors are taken out one after the other: the first falls by the factor
/// `first` from value to value, the second by `second` from what is left. a/T + b/T² are r and r²;
/// a/T + b log(T)/T are r and r, for the first extrapolation leaves a multiple of 1/T.
///
/// The error estimate is the size of the last correction.
func limit(of values: [Double], first: Double, second: Double) -> Integral {
  let once = zip(values, values.dropFirst()).map { (first * $1 - $0) / (first - 1) }
  require(once.count > 1, "two extrapolations need three values")
  let change = once[once.count - 1] - once[once.count - 2]
  return Integral(
    value: once[once.count - 1] + change / (second - 1), error: abs(change / (second - 1)),
    evaluations: 0)
}
