import TinyNumerics
import ToyModels

// Evidence and posteriors once more, by routes that the models themselves do not take: what the
// lines of the derivation are held against.

extension MixtureModel {
  /// p(z|x) = p(x, z)/p(x), as Bayes' rule says it. (`posterior(given:)` works from odds.)
  func posteriorByBayesRule(given x: Double) -> Discrete {
    let logEvidence = logEvidence(of: x).value
    return Discrete(
      probabilities: prior.probabilities.indices.map { exp(logJoint(x, $0) - logEvidence) })
  }

  /// log p(x), in nats, as the slope of the distribution function P(X ≤ x) = Σ_k π_k Φ((x −
  /// µ_k)/σ_k): no density is evaluated.
  func logEvidenceBySlope(at x: Double) -> Integral {
    derivative(at: x) { x in
      zip(prior.probabilities, components).reduce(0) { $0 + $1.0 * $1.1.cdf(x) }
    }.logarithm
  }
}

/// The Gaussian of (u, v) for u ~ N(m, C) and v | u ~ N(Au + c, S).
func jointGaussian(
  _ u: Gaussian, slope a: Matrix, offset c: [Double], noise s: Matrix
) -> Gaussian {
  let cross = a * u.covariance  // Cov(v, u)
  let spread = cross * a.transpose + s
  let n = u.dimension
  return Gaussian(
    mean: u.mean + zip(a * u.mean, c).map(+),
    covariance: Matrix(rows: n + c.count, columns: n + c.count) { i, j in
      switch (i < n, j < n) {
      case (true, true): u.covariance[i, j]
      case (false, true): cross[i - n, j]
      case (true, false): cross[j - n, i]
      case (false, false): spread[i - n, j - n]
      }
    })
}

extension LinearGaussianModel {
  /// p(z, x).
  var joint: Gaussian {
    jointGaussian(prior, slope: weights, offset: offset, noise: noise.covariance)
  }

  /// p(z|x) by conditioning the joint Gaussian on x. (`posterior(given:)` inverts I + WᵀΣ⁻¹W.)
  func posteriorByConditioning(on x: [Double]) -> Gaussian {
    joint.conditional(on: x.indices.map { latentDimension + $0 }, equalTo: x)
  }
}

extension NeuralModel {
  /// p(z|x) with the normaliser of 1,400 nodes, none of which is one of `posterior(given:)`'s.
  func posteriorOnAnotherGrid(given x: SIMD2<Double>) -> TabulatedPosterior {
    TabulatedPosterior(over: -7...7, count: 700) { z in logJoint(x, z) }
  }
}

/// E_q[f] by equally spaced nodes over ten standard deviations to either side.
func gridExpectation(under q: Normal, of f: (Double) -> Double) -> Integral {
  Grid(over: -10...10, count: 200).integrate { u in
    Normal.standard.density(u) * f(q.mean + q.standardDeviation * u)
  }
}

extension DefensiveMixture<Normal, Normal> {
  /// D(q ‖ p) of a mixture of two normals, in nats, without the logarithm of the mixture's density:
  /// by 3.17, over two guides instead of N,
  ///   D(Σ π_k N_k ‖ p) = Σ π_k D(N_k ‖ p) − I(k; z),   I(k; z) = H(π) − E_q[H(k | z)],
  /// with D(N_k ‖ p) as cross-entropy minus entropy and k | z from the odds of the two.
  func divergenceByParts(from p: some LatentDistribution<Double>) -> Integral {
    let shares = [1 - priorShare, priorShare]
    func uncertainty(_ z: Double) -> Double {
      let logOdds = log(shares[1] / shares[0]) + prior.logDensity(z) - guide.logDensity(z)
      let odds = exp(-abs(logOdds))  // of the less likely one
      return log1p(odds) + abs(logOdds) * odds / (1 + odds)
    }
    let parts = zip(shares, [guide, prior]).map { share, peak in
      share
        * (gridExpectation(under: peak) { uncertainty($0) - p.logDensity($0) }
          - Integral(exactly: peak.entropy))
    }
    return parts[0] + parts[1] - Integral(exactly: Discrete(probabilities: shares).entropy)
  }
}
