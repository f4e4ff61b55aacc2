import Notebook
import TinyNumerics

extension Chapter8 {
  static func showGap(in notebook: Notebook) {
    notebook.section("8.3", "log p(x_0) = ELBO + D")
    notebook.text(
      """
      Eq. 3.6 with x_1 … x_T for z. The evidence follows the variances down the chain; the divergence of the guide \
      from the model's posterior is one of T-dimensional Gaussians, the posterior by conditioning the joint on \
      x_0 = 0.7:
      """)
    let x0 = LinearExample.x0
    notebook.table(
      ["variance of a step back", "log p(x_0)", "ELBO", "D(q‖p(x_1 … x_T|x_0))"],
      LinearExample.chains.map { name, chain in
        [name] + [chain.logEvidence(of: x0), chain.elbo(x0), chain.gap(x0)].map { $0.decimals(9) }
      })
    let cases = LinearExample.chains.flatMap { _, chain in
      [-1.4, 0, 0.3, x0, 2].map { x0 in
        let evidence = chain.logEvidence(of: x0)
        return (
          lhs: evidence, rhs: chain.elbo(x0) + chain.gap(x0), allowance: rounding(10, evidence)
        )
      }
    }
    notebook.check(.worst("8.3", "log p(x_0) = ELBO + D, three variances", of: cases))
    notebook.check(marginalCheck())
    notebook.gap()
  }

  /// The machine of 8.6 on a chain whose marginal is known.
  private static func marginalCheck() -> Check {
    let cases = LinearExample.chains.flatMap { _, chain in
      zip(ChainMarginal.nodes, ChainMarginal(chain).density).map { x, density in
        // What lies beyond ±7 is left out at each of the four steps: at most P(|x| > 7) = 3e-12 of mass,
        // and no density is above 1/√(2π v).
        let lost = 4 * 2 * Normal.standard.cdf(-7) / (2 * .pi * chain.variances.min()!).squareRoot()
        return (
          lhs: density, rhs: Normal.density(chain, x), allowance: lost + rounding(1, terms: 801)
        )
      }
    }
    return .worst("8.3", "p(x_0) by four matrices on a grid = exp log p(x_0)", of: cases)
  }
}

extension Normal {
  fileprivate static func density(_ chain: LinearChain, _ x: Double) -> Double {
    exp(chain.logEvidence(of: x))
  }
}
