import Figures
import Notebook
import TinyNumerics

extension LinearStudy {
  // MARK: 6.12

  func showCollapse(in notebook: Notebook) throws {
    notebook.section("6.12", "Collapse, exactly: a unit dies when λ_i ≤ βσ²")
    let collapse = LinearCollapse(self)
    let noise = LinearCollapse.noise
    notebook.text(
      """
      A linear β-VAE with six latents on the digits at 4 × 4 pixels, σ² = \(noise) fixed. For each \
      β the optimum is climbed from the same random weights, and the KL of each unit is measured \
      from the guide found there, image by image. λ_i/σ² = \(ratios(collapse)): where β passes \
      such a number, a unit dies.
      """)
    let optima = [1.0, 2, 4].map { collapse.optimum(beta: $0) }
    notebook.table(
      ["β", "KL of each unit, measured", "½ max(0, log(λ_i/(βσ²)))"],
      optima.map { optimum in
        [
          optimum.beta.significant(2),
          optimum.divergences.map { $0.decimals(4) }.joined(separator: "  "),
          optimum.expected.map { $0.decimals(4) }.joined(separator: "  "),
        ]
      })
    for optimum in optima {
      notebook.check(
        .worst(
          of: optimum.divergences.indices.map { i in
            .exact(
              "6.12", "β = \(optimum.beta.significant(2)): KL of a unit at the optimum",
              optimum.divergences[i], optimum.expected[i], allowance: optimum.allowance)
          }))
    }
    notebook.gap()
    try notebook.figure("chapter6-collapse") { figure(of: collapse) }
  }

  private func ratios(_ collapse: LinearCollapse) -> String {
    collapse.exact.eigen.eigenvalues.prefix(6).map {
      ($0 / LinearCollapse.noise).decimals(2)
    }.joined(separator: ", ")
  }

  private func figure(of collapse: LinearCollapse) -> Figure {
    let optima = [0.5, 1, 1.5, 2, 3, 4, 6, 9].map { collapse.optimum(beta: $0) }
    let units = 0..<6
    let curves = units.map { i in
      Mark.line(
        over: 0.5...10, label: i == 0 ? "½ max(0, log(λᵢ/(βσ²)))" : nil, colour: .series(i)
      ) { beta in
        collapse.exact.divergence(ofUnit: i, noise: LinearCollapse.noise, beta: beta)
      }
    }
    let points = units.map { i in
      Mark.points(
        optima.map { ($0.beta, $0.divergences[i]) },
        label: i == 0 ? "measured at the optimum" : nil, colour: .series(i))
    }
    let deaths = units.map { i in
      Mark.vertical(
        at: collapse.exact.eigen.eigenvalues[i] / LinearCollapse.noise, colour: .series(i),
        style: .dotted)
    }
    return Figure(
      "The KL of six latents under a growing β: each dies at β = λᵢ/σ²", width: 700, height: 380,
      panels: [
        Panel(
          x: Axis(
            "β", scale: .log10, ticks: [0.5, 1, 2, 3, 4, 6, 9].map { ($0, $0.significant(2)) }),
          y: Axis("KL of a unit, nats"), marks: deaths + curves + points)
      ])
  }
}
