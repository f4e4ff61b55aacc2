import TinyNumerics

/// A distribution over latents z: a prior, a guide q or a posterior. Enough of it to evaluate a
/// line of algebra without sampling, and to sample where the line is about sampling.
public protocol LatentDistribution<Latent>: Sendable {
  associatedtype Latent: Sendable

  /// log q(z), in nats: of a probability where z is discrete, of a density where it is not.
  func logDensity(_ z: Latent) -> Double
  /// Σ_z q(z) f(z) or ∫ q(z) f(z) dz, with the rule's own error estimate (0 for a finite sum).
  func expectation(of f: (Latent) -> Double) -> Integral
  func sample(using generator: inout some RandomNumberGenerator) -> Latent
}

extension LatentDistribution {
  /// D(q ‖ p) = E_q[log q(z) − log p(z)] (eq. 3.1), in nats, by the distribution's own expectation.
  @inlinable
  public func divergence(from p: some LatentDistribution<Latent>) -> Integral {
    expectation { z in logDensity(z) - p.logDensity(z) }
  }
}

/// z is one of finitely many outcomes; expectations are sums, without error.
extension Discrete: LatentDistribution {
  @inlinable
  public func logDensity(_ z: Int) -> Double { logProbability(z) }

  /// Outcomes of probability 0 count nothing, whatever f is there (0·log 0 = 0).
  @inlinable
  public func expectation(of f: (Int) -> Double) -> Integral {
    var sum = 0.0
    for (z, probability) in probabilities.enumerated() where probability > 0 {
      sum += probability * f(z)
    }
    return Integral(value: sum, error: 0, evaluations: count)
  }
}

/// z is a real number; expectations by double exponential quadrature.
extension Normal: LatentDistribution {
  public func expectation(of f: (Double) -> Double) -> Integral {
    integrate(over: -12...12, centre: 0, scale: 1) { u in
      Normal.standard.density(u) * f(mean + standardDeviation * u)
    }
  }
}

/// z is a vector; expectations by a product of Gauss–Hermite rules in the whitened coordinates u of
/// z = µ + Lu, exact for polynomials of degree below twice the nodes. For up to three dimensions.
extension Gaussian: LatentDistribution {
  public func expectation(of f: ([Double]) -> Double) -> Integral {
    require(dimension <= 3, "a product of rules for up to three dimensions: nᴰ nodes")
    let (coarse, fine) = (product(GaussHermite.coarse, f), product(GaussHermite.fine, f))
    return Integral(
      value: fine.sum, error: abs(fine.sum - coarse.sum) + .ulpOfOne * fine.magnitude,
      evaluations: fine.count + coarse.count)
  }

  /// Σ w_{i₁} … w_{i_D} f(µ + L(u_{i₁}, …, u_{i_D})), and the same sum of |f|.
  private func product(
    _ rule: GaussHermite, _ f: ([Double]) -> Double
  ) -> (sum: Double, magnitude: Double, count: Int) {
    let n = rule.nodes.count
    let count = (0..<dimension).reduce(1) { product, _ in product * n }
    var (sum, magnitude) = (0.0, 0.0)
    for index in 0..<count {
      var (rest, weight, u) = (index, 1.0, [Double]())
      for _ in 0..<dimension {
        u.append(rule.nodes[rest % n])
        weight *= rule.weights[rest % n]
        rest /= n
      }
      let term = weight * f(zip(mean, cholesky.factor * u).map(+))
      sum += term
      magnitude += abs(term)
    }
    return (sum, magnitude, count)
  }
}

extension GaussHermite {
  static let coarse = GaussHermite(nodes: 12)
  static let fine = GaussHermite(nodes: 20)
}

/// As for a full covariance.
extension DiagonalGaussian: LatentDistribution {
  public func expectation(of f: ([Double]) -> Double) -> Integral {
    Gaussian(self).expectation(of: f)
  }
}
