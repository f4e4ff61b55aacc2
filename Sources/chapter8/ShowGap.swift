import Notebook
import TinyNumerics

extension Chapter8 {
  static func showGap(in notebook: Notebook) {
    notebook.text(
      """
      Eq. 3.6 with x_1 … x_T for z. The evidence follows the variances down the chain; the \
      divergence of the guide from the model's posterior is one of T-dimensional Gaussians, the \
      posterior by conditioning the joint on x_0 = 0.7:
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
    showTwoPeaks(in: notebook)
  }

  /// Where the steps back are normal and the data are not.
  private static func showTwoPeaks(in notebook: Notebook) {
    let schedule = Schedule(.standard, steps: 8)
    let chain = NormalStep.chain(schedule, .constant)
    let density = ChainMarginal(chain).density
    let points = [260, 400, 450, 520]
    let rows = inParallel(points.count) {
      k -> (x0: Double, logEvidence: Double, elbo: Integral, gap: Double) in
      let x0 = ChainMarginal.nodes[points[k]]
      let one = ChainAtOnePoint(schedule: schedule, chain: chain, x0: x0)
      return (x0, log(density[points[k]]), one.elbo, one.gap)
    }
    notebook.gap()
    notebook.text(
      """
      The same where nothing is linear: the two peaks of 8.6, eight steps, best constant \
      variances. log p(x_0) by matrices from x_T down to x_0; the bound from closed-form \
      divergences; D with the posterior by matrices from x_0 up to x_T, step by step on a grid:
      """)
    notebook.table(
      ["x_0", "log p(x_0)", "ELBO", "D(q‖p(x_1 … x_T|x_0))"],
      rows.map { row in
        [row.x0.decimals(4)] + [row.logEvidence, row.elbo.value, row.gap].map { $0.decimals(9) }
      })
    notebook.check(
      .worst(
        "8.3", "log p(x_0) = ELBO + D, two peaks, T = 8",
        of: rows.map { row in
          // ±7 leaves out P(|x| > 7) at each of eight steps, of densities that are about 0.1 and
          // more
          let lost = 8 * 2 * Normal.standard.cdf(-7) / 0.1
          return (
            row.logEvidence, row.elbo.value + row.gap,
            row.elbo.error + lost + rounding(10, terms: 801)
          )
        }))
  }

  /// The machine of 8.6 on a chain whose marginal is known.
  private static func marginalCheck() -> Check {
    let cases = LinearExample.chains.flatMap { _, chain in
      zip(ChainMarginal.nodes, ChainMarginal(chain).density).map { x, density in
        // What lies beyond ±7 is left out at each of the four steps: at most P(|x| > 7) = 3e-12 of
        // mass, and no density is above 1/√(2π v).
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
