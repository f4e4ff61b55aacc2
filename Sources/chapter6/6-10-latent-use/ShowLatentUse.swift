import Figures
import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension DigitStudies {
  // MARK: 6.10

  /// The same VAE with six latent dimensions under a growing weight β of the KL.
  func showLatentUse(in notebook: Notebook) throws {
    notebook.section("6.10", "Which latents are used, and what β does to them")
    let betas = [0.5, 1, 2, 4, 8]
    let uses = try notebook.working("training at five β", steps: betas.count) { advance in
      try betas.map { beta in
        defer { advance() }
        let result = try trained(
          Experiment(
            latent: 6, hidden: [64], epochs: 60, learningRate: 3e-3, beta: beta, seed: seed))
        let guides = result.model.guides(for: binaryHeldOut)
        return (
          beta: beta, use: LatentUse(of: guides), guides: guides,
          terms: result.history.heldOut[59]
        )
      }
    }
    notebook.text(
      """
      A VAE with six latent dimensions, trained with β before the KL. KL of each dimension, \
      largest first, mean over the held-out images; a dimension is active when the variance of its \
      mean over the images exceeds \(LatentUse.activity).
      """)
    notebook.table(
      ["β", "−E_q log p(x|z)", "KL", "active", "KL of each dimension, nats"],
      uses.map { beta, use, _, terms in
        [
          beta.significant(2), (-terms.reconstruction).decimals(2), terms.divergence.decimals(2),
          "\(use.activeCount) of \(use.variances.count)",
          use.divergences.sorted(by: >).map { $0.decimals(2) }.joined(separator: "  "),
        ]
      })
    let second = uses.flatMap { use in
      (0..<6).map { (use.use, $0, LatentUse.byDefinition(use.guides, dimension: $0)) }
    }
    notebook.check(
      .worst(
        "6.10", "KL of dimension d, mean: closed form = E_q[log q − log p] by quadrature",
        of: second.map { use, d, other in
          // ½ (µ² + σ² − 1 − log σ²) and log q − log p are differences of terms of a few nats.
          (use.divergences[d], other.divergence, rounding(10, terms: binaryHeldOut.count))
        }))
    notebook.check(
      .worst(
        "6.10", "Var_x E_q[z_d]: around the mean = half the mean square of all pairs",
        of: second.map { use, d, other in
          (use.variances[d], other.variance, rounding(4, terms: binaryHeldOut.count))
        }))
    let totals = uses.map { $0.use.divergences.reduce(0, +) }
    notebook.check(
      .bound(
        "6.10", "the KL at β = 8 is below the KL at β = ½", lower: totals[4], upper: totals[0]))
    notebook.gap()
    try notebook.figure("chapter6-active-units") { figure(of: uses.map { ($0.beta, $0.use) }) }
  }

  private func figure(of uses: [(beta: Double, use: LatentUse)]) -> Figure {
    Figure(
      "A heavier KL switches latents off",
      panels: [
        Panel(
          x: Axis("β", scale: .log10, ticks: uses.map { ($0.beta, $0.beta.significant(2)) }),
          y: Axis("KL of a latent dimension, nats"),
          marks: (0..<6).map { rank in
            .line(
              uses.map { ($0.beta, $0.use.divergences.sorted(by: >)[rank]) },
              label: rank == 0 ? "dimensions, by their KL" : nil, colour: .series(rank))
          })
      ])
  }
}
