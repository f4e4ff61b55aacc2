import Foundation
import Notebook
import TinyNumerics

extension LinearChain.Variance {
  var name: String {
    switch self {
    case .beta: "β_t"
    case .own: "the posterior's own"
    case .posterior: "β̃_t (own at t = 1)"
    }
  }
}

/// The chain of 8.2 and 8.3 on N(0, ¼) data, with its three variances, and an x_0.
enum LinearExample {
  static let x0 = 0.7
  static let chains = LinearChain.Variance.allCases.map {
    (name: $0.name, chain: LinearChain(.example, dataVariance: 0.25, variance: $0))
  }
}

extension Chapter8 {
  static func showBound(in notebook: Notebook) {
    notebook.text(
      """
      The model is the chain p(x_T) = N(0, 1), p(x_{t−1}|x_t), and the latents are x_1 … x_T. Its \
      ELBO, E_q[log p(x_0 … x_T) − log q(x_1 … x_T|x_0)], sorted by steps is −(L_T + Σ L_{t−1} + \
      L_0): how far the last x is from the prior, how far every step back is from the guide's, and \
      the reconstruction. For N(0, ¼) data and linear steps back all of it is Gaussian; x_0 = 0.7:
      """)
    let x0 = LinearExample.x0
    notebook.table(
      ["variance of a step back", "L_T", "Σ L_{t−1}", "L_0", "ELBO"],
      LinearExample.chains.map { name, chain in
        [name]
          + [
            chain.priorTerm(x0), chain.stepTerms(x0), chain.reconstructionTerm(x0), chain.elbo(x0),
          ].map { $0.decimals(9) }
      })
    let cases = LinearExample.chains.flatMap { _, chain in
      [-1.4, 0, 0.3, x0, 2].map { x0 in
        (
          lhs: chain.elbo(x0), rhs: chain.elboOfTheWhole(x0),
          allowance: rounding(10, chain.elbo(x0))
        )
      }
    }
    notebook.check(
      .worst(
        "8.2", "−(L_T + Σ L_{t−1} + L_0) = E_q log p(x_0 … x_4) + H(q), two Gaussians", of: cases))
    notebook.check(oneStepCheck(x0))
    notebook.check(pixelPriorCheck())
    checkBoundDraws(in: notebook)
  }

  /// Eq. 8.2 by draws of x_1 … x_4.
  static func checkBoundDraws(in notebook: Notebook) {
    let x0 = LinearExample.x0
    for (k, (name, chain)) in LinearExample.chains.enumerated() {
      var generator = Threefry(seed: notebook.seed, row: 2, part: k)
      let estimate = Estimate(draws: notebook.samples(default: 40_000)) {
        chain.sampledELBO(x0, using: &generator)
      }
      notebook.check(
        .monteCarlo(
          "8.2", "mean of log p(x_0 … x_4) − log q, \(name)", estimate: estimate.mean,
          standardError: estimate.standardError, exact: chain.elbo(x0), promise: 0.05))
    }
  }

  /// One step: z = x_1, the guide N(√ᾱ_1 x, 1 − ᾱ_1), the decoder N(a_1 z, v_1). A quadratic
  /// log-weight is integrated exactly by any Gauss–Hermite rule.
  private static func oneStepCheck(_ x0: Double) -> Check {
    let chain = LinearChain(Schedule(betas: [0.6]), dataVariance: 0.25, variance: .own)
    let guide = Normal(mean: 0.4.squareRoot() * x0, variance: 0.6)
    let elbo = GaussHermite(nodes: 8).expectation(under: guide) { z in
      chain.step(1, from: z).logDensity(x0) + Normal.standard.logDensity(z) - guide.logDensity(z)
    }
    return .exact(
      "8.2", "T = 1: E_q[log p(x|z) + log p(z) − log q(z|x)], a VAE's ELBO", chain.elbo(x0), elbo,
      allowance: rounding(10, elbo))
  }

  private static func pixelPriorCheck() -> Check {
    let schedule = Schedule.example
    let byPixel = (0..<64).reduce(0) { sum, j in
      sum
        + klDivergence(
          schedule.marginal(schedule.steps, from: j % 3 == 0 ? 1 : -1), relativeTo: .standard)
    }
    return .exact(
      "8.2", "L_T of 64 pixels ±1 = −32 log(1 − ᾱ_T)", 64 * schedule.pixelPriorTerm, byPixel,
      allowance: rounding(byPixel))
  }
}
