import TinyNumerics

/// A slope in the generator's two parameters, its mean µ and log σ.
struct Slopes {
  let mean: Integral
  let logDeviation: Integral
}

/// What a generator may minimise while the discriminator stands still.
enum GeneratorLoss {
  /// E_q log(1 − D).
  case saturating
  /// −E_q log D.
  case nonSaturating
}

// Eq. 7.9, in nats: the generator's gradient at D = D*, frozen before differentiating.

extension Contest {
  /// Along the path x = µ + σε (eq. 5.3). With r = log p/q and D = sigmoid r,
  ///   ∂ log(1 − D)/∂x = −D r′,   −∂ log D/∂x = −(1 − D) r′.
  func slopes(of loss: GeneratorLoss) -> Slopes {
    let c = logRatioCoefficients
    func slope(_ x: Double) -> Double {
      let d = bestDiscriminator(x)
      let steepness = c[1] + 2 * c[2] * x
      return -steepness * (loss == .saturating ? d : 1 - d)
    }
    return Slopes(
      mean: expectation(under: q, of: slope),
      logDeviation: expectation(under: q) { slope($0) * ($0 - q.mean) })
  }

  /// ∂JS = ½ E_q[∂ log q · log q/m], without a path (eq. 5.6): m's own change adds nothing.
  var jensenShannonSlopes: Slopes {
    func surprise(_ x: Double) -> Double { 0.5 * (log(2) + logSigmoid(-logRatio(x))) }
    return Slopes(
      mean: expectation(under: q) { ($0 - q.mean) / q.variance * surprise($0) },
      logDeviation: expectation(under: q) { x in
        let deviation = (x - q.mean) / q.standardDeviation
        return (deviation * deviation - 1) * surprise(x)
      })
  }

  /// ∂D(q ‖ p) by eq. 1.8.
  var reverseSlopes: (mean: Double, logDeviation: Double) {
    ((q.mean - p.mean) / p.variance, q.variance / p.variance - 1)
  }
}

// N(0, 1) against N(m, 1).

/// E_q[D*] = e^{−m²/8} ∫ φ(y)/(2 cosh(my/2)) dy: with x = m/2 + y the densities are φ(y) e^{−m²/8}
/// e^{∓my/2}.
func meanDiscriminator(shift m: Double) -> Integral {
  exp(-m * m / 8) * expectation(under: .standard) { 1 / (2 * cosh(m * $0 / 2)) }
}

/// The shift at which m E_q[D*], the saturating slope, is largest: the zero of
///   (log m E_q[D*])′ = 1/m − m/4 − E[½ y tanh(my/2) sech(my/2)]/E[sech(my/2)].
var steepestShift: Double {
  root(near: 1.5, and: 1.7) { m in
    let weight = expectation(under: .standard) { 1 / cosh(m * $0 / 2) }
    let fall = expectation(under: .standard) { $0 / 2 * tanh(m * $0 / 2) / cosh(m * $0 / 2) }
    return 1 / m - m / 4 - fall.value / weight.value
  }
}

/// The derivative of m E_q[D*] again, with x left as it is: E_q[D* + m (x − m) D*²].
func slopeOfSaturatingSlope(shift m: Double) -> Integral {
  let contest = Contest.shifted(by: m)
  return expectation(under: contest.q) { x in
    let d = contest.bestDiscriminator(x)
    return d + m * (x - m) * d * d
  }
}

/// For large m, m E_q[D*] = √(π/2) e^{−m²/8} (1 − π²/2m² + …): of φ(y) = φ(0)(1 − ½y² + ⅛y⁴ − …)
/// against a sech of area π/m and moments E y² = π²/m², E y⁴ = 5π⁴/m⁴. The partial sums lie below
/// and above.
func saturatingTail(shift m: Double) -> (lower: Double, upper: Double) {
  let leading = (Double.pi / 2).squareRoot() * exp(-m * m / 8)
  let u = Double.pi * Double.pi / (m * m)
  return (leading * (1 - u / 2), leading * (1 - u / 2 + 5 * u * u / 8))
}
