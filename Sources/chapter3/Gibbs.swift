import TinyNumerics
import ToyModels

// Eq. 3.21, in nats: a divergence and a logarithm of an expectation are each other's maximum,
//   log E_p[e^f] = max_q {E_q[f] − D(q ‖ p)}   (Gibbs), attained by q ∝ p e^f,
//   D(q ‖ p) = max_f {E_q[f] − log E_p[e^f]}   (Donsker, Varadhan), attained by f = log q/p +
//   const.
// With p the prior and f(z) = log p(x|z) the first line is log p(x) = max_q ELBO, and its maximiser
// Bayes' rule.
//
// - Source: Donsker and Varadhan, "Asymptotic evaluation of certain Markov process expectations for
//   large time", Communications on Pure and Applied Mathematics 28 (1975) and 36 (1983).

/// E_q[f] − D(q ‖ p) for a guide q against N(0, 1).
func gibbsObjective(
  _ q: some LatentDistribution<Double>, _ f: (Double) -> Double
) -> Integral {
  q.expectation(of: f) - q.divergence(from: Normal.standard)
}

/// The density ∝ p e^f for p = N(0, 1).
func tilted(by f: @escaping @Sendable (Double) -> Double) -> TabulatedPosterior {
  TabulatedPosterior(over: -10...10) { z in f(z) + Normal.standard.logDensity(z) }
}

/// log E_p[e^f] for p = N(0, 1), by double exponential quadrature.
func logMeanExponential(_ f: (Double) -> Double) -> Integral {
  logIntegralExp(over: -10...10) { z in f(z) + Normal.standard.logDensity(z) }
}

/// E_q[f] − log E_p[e^f]: a lower bound of D(q ‖ p) whatever f is; the critic's objective of 7.7.
func donskerVaradhan(_ q: Normal, _ f: (Double) -> Double) -> Integral {
  q.expectation(of: f) - logMeanExponential(f)
}

/// log E[e^{2a cos ωz}] for z ~ N(0, 1), term by term: e^{2a cos θ} = Σ_n I_n(2a) cos nθ over all
/// whole n with the Bessel functions I_n(2a) = Σ_m a^{2m+n}/(m! (m+n)!), and E[cos nωz] =
/// e^{−½n²ω²}.
func logMeanExponentialOfCosine(amplitude a: Double, frequency w: Double) -> Double {
  func bessel(_ n: Int) -> Double {
    (0..<20).reduce(0) { sum, m in
      sum + exp(Double(2 * m + n) * log(a) - lgamma(Double(m + 1)) - lgamma(Double(m + n + 1)))
    }
  }
  return log(
    (1..<20).reduce(bessel(0)) { sum, n in
      sum + 2 * bessel(n) * exp(-0.5 * Double(n * n) * w * w)
    })
}
