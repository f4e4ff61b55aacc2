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

/// The limit of a sequence whose n-th term belongs to r times as many steps as the one before and
/// is off by a/T + b/T² + …: extrapolated twice. The last change is the error estimate.
func limit(of values: [Double], ratio r: Double) -> Integral {
  require(values.count > 2, "two extrapolations need three values")
  let once = zip(values, values.dropFirst()).map { (r * $1 - $0) / (r - 1) }
  let twice = zip(once, once.dropFirst()).map { (r * r * $1 - $0) / (r * r - 1) }
  return Integral(value: twice.last!, error: abs(twice.last! - once.last!), evaluations: 0)
}

/// The same for errors a/T + b log(T)/T + …: the first extrapolation leaves a multiple of 1/T.
func limitWithLogarithm(of values: [Double], ratio r: Double) -> Integral {
  require(values.count > 2, "two extrapolations need three values")
  let once = zip(values, values.dropFirst()).map { (r * $1 - $0) / (r - 1) }
  let twice = zip(once, once.dropFirst()).map { (r * $1 - $0) / (r - 1) }
  return Integral(value: twice.last!, error: abs(twice.last! - once.last!), evaluations: 0)
}
