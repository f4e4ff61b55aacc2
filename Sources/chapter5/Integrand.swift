import TinyNumerics

/// A gradient with respect to the two parameters of q = N(µ, σ²).
struct NormalGradient: Equatable {
  /// ∂/∂µ.
  var mean: Double
  /// ∂/∂σ.
  var standardDeviation: Double
}

/// µ or σ.
enum Parameter: CaseIterable {
  case mean
  case standardDeviation

  var derivative: String { self == .mean ? "∂_µ" : "∂_σ" }
}

extension NormalGradient {
  subscript(_ parameter: Parameter) -> Double {
    parameter == .mean ? mean : standardDeviation
  }
}

/// A function f of a latent z ~ N(µ, σ²) whose expectation is known in closed form, so that every
/// estimate of its gradient can be held against the truth.
struct Integrand: Sendable {
  let name: String
  let value: @Sendable (Double) -> Double
  /// f′.
  let slope: @Sendable (Double) -> Double
  /// f″.
  let curvature: @Sendable (Double) -> Double
  /// E_q f.
  let expectation: @Sendable (Normal) -> Double
  /// ∂_µ E_q f and ∂_σ E_q f, the closed form differentiated by hand.
  let gradient: @Sendable (Normal) -> NormalGradient

  /// E z² = µ² + σ².
  static let square = Integrand(
    name: "z²", value: { $0 * $0 }, slope: { 2 * $0 }, curvature: { _ in 2 },
    expectation: { q in q.mean * q.mean + q.variance },
    gradient: { q in NormalGradient(mean: 2 * q.mean, standardDeviation: 2 * q.standardDeviation) })

  /// E(z³ + z²) = µ³ + 3µσ² + µ² + σ².
  static let cubic = Integrand(
    name: "z³ + z²", value: { $0 * $0 * ($0 + 1) }, slope: { $0 * (3 * $0 + 2) },
    curvature: { 6 * $0 + 2 },
    expectation: { q in
      q.mean * (q.mean * q.mean + 3 * q.variance) + q.mean * q.mean + q.variance
    },
    gradient: { q in
      NormalGradient(
        mean: 3 * (q.mean * q.mean + q.variance) + 2 * q.mean,
        standardDeviation: (6 * q.mean + 2) * q.standardDeviation)
    })

  /// E eᶻ = e^{µ + σ²/2}.
  static let exponential = Integrand(
    name: "eᶻ", value: { exp($0) }, slope: { exp($0) }, curvature: { exp($0) },
    expectation: { q in exp(q.mean + 0.5 * q.variance) },
    gradient: { q in
      let mean = exp(q.mean + 0.5 * q.variance)
      return NormalGradient(mean: mean, standardDeviation: q.standardDeviation * mean)
    })

  /// E sin z = e^{−σ²/2} sin µ.
  static let sine = Integrand(
    name: "sin z", value: { sin($0) }, slope: { cos($0) }, curvature: { -sin($0) },
    expectation: { q in exp(-0.5 * q.variance) * sin(q.mean) },
    gradient: { q in
      let damping = exp(-0.5 * q.variance)
      return NormalGradient(
        mean: damping * cos(q.mean),
        standardDeviation: -q.standardDeviation * damping * sin(q.mean))
    })

  static let all = [cubic, exponential, sine]
}

/// µ × σ of the sweeps: guides narrow and wide, at and away from zero.
let guideGrid: [Normal] = [-2, -0.5, 0, 0.8, 3].flatMap { mean in
  [0.1, 0.5, 1, 2].map { Normal(mean: mean, standardDeviation: $0) }
}
