import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  static func showExactBound(in notebook: Notebook) {
    notebook.section("3.18", "The k-sample bound without sampling")
    notebook.text(
      """
      L_k = ∫₀^∞ (e^{−t} − ψ(t/k)^k) dt/t with ψ(t) = E_q[e^{−tw}] is what 3.15 leaned on. At k = \
      1 it must be the ELBO, by direct quadrature; for exponential weights it must be digamma(k) − \
      log k; at k = 2 it must be a double integral over two draws.
      """)
    for check in exactBoundChecks() { notebook.check(check) }
  }
}

func exactBoundChecks() -> [Check] {
  let single = [2.25, 0.3].map { ratio in
    let guide = LineGuide(shift: 0.3, varianceRatio: ratio)
    let bound = KSampleBound(under: guide.q, logWeight: guide.logWeight)(1)
    let elbo = guide.q.expectation(of: guide.logWeight)
    return Check.exact(
      "3.18", "L₁ = E_q[log w] by direct quadrature, variance ratio \(ratio)", bound.value,
      elbo.value, allowance: bound.error + elbo.error + rounding(1, elbo.value))
  }
  let neural = Example.normalGuides[0].q
  func logWeight(_ z: Double) -> Double {
    Example.neural.logJoint(Example.crossing, z) - neural.logDensity(z)
  }
  let bound = KSampleBound(under: neural, spacing: 1.0 / 64, logWeight: logWeight)(1)
  let elbo = neural.expectation(of: logWeight)
  return single + [
    .exact(
      "3.18", "L₁ = ELBO: neural, the prior p(z)", bound.value, elbo.value,
      allowance: bound.error + elbo.error + rounding(1, elbo.value))
  ] + [exponentialCheck(10), exponentialCheck(4096), pairCheck()]
}

/// w = −log Φ(−u) is exponential for u ~ N(0, 1), the sum of k of them a gamma variable, and
/// L_k = digamma(k) − log k with digamma(k) = −γ + 1 + ½ + … + 1/(k − 1).
private func exponentialCheck(_ k: Int) -> Check {
  let bound = KSampleBound(under: .standard) { log(-Normal.standard.logCDF(-$0)) }(k)
  let euler = 0.577215664901532861
  let digamma = (1..<k).reduce(-euler) { $0 + 1 / Double($1) }
  return .exact(
    "3.18", "L_k = digamma(k) − log k for exponential weights, k = \(k)", bound.value,
    digamma - log(Double(k)), allowance: bound.error + rounding(log(Double(k)), terms: k))
}

/// L₂ = E log((w(z₁) + w(z₂))/2) as a double quadrature over both draws.
private func pairCheck() -> Check {
  let guide = LineGuide(shift: 0.3, varianceRatio: 2.25)
  let bound = KSampleBound(under: guide.q, logWeight: guide.logWeight)(2)
  let grid = Grid(over: -9...9, count: 144)
  func logWeight(_ u: Double) -> Double {
    guide.logWeight(guide.q.mean + guide.q.standardDeviation * u)
  }
  let double = grid.integrate(with: grid) { u, v in
    let (a, b) = (logWeight(u), logWeight(v))
    let logMean = max(a, b) + log1p(exp(-abs(a - b))) - log(2)
    return Normal.standard.density(u) * Normal.standard.density(v) * logMean
  }
  return .exact(
    "3.18", "L₂ = a double integral over two draws, wide q", bound.value, double.value,
    allowance: bound.error + double.error + rounding(1, double.value))
}
