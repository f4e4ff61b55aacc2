import Notebook
import TinyNumerics
import ToyModels

extension Chapter2 {
  static func showInformation(in notebook: Notebook) {
    notebook.section("2.13", "On average the posterior is the prior; what x tells about z")
    notebook.text(
      """
      Averaged over the model's own data, E_{p(x)}[p(z|x)] = p(z). What one x tells about z is \
      D(p(z|x)‖p(z)), and its average is the mutual information I(x; z) = H(x) − E_z[H(x|z)]. Both \
      sides for each model, in nats:
      """)
    let rows = [mixtureRow, linearRow(Examples.line), linearRow(Examples.plane)]
    let neural = AveragedPosterior(of: .example, over: plane(nodes: 100))
    let neuralRow = InformationRow(
      name: "neural", average: neural.information,
      data: plane(nodes: 180).entropy, noise: neuralNoise)
    notebook.table(
      ["model", "E_x D(p(z|x)‖p(z))", "H(x)", "E_z H(x|z)", "H(x) − E_z H(x|z)"],
      (rows + [neuralRow]).map { row in
        [row.name]
          + [row.average, row.data, row.noise, row.data - row.noise].map { $0.value.decimals(6) }
      })
    notebook.check(.worst(of: (0..<3).map(classCheck)))
    notebook.check(
      .worst(of: [Examples.line.model, Examples.plane.model].flatMap(averagedMomentChecks)))
    notebook.check(
      .worst(
        of: neural.posterior.map { z, density in
          .exact(
            "2.13", "neural: E_x[p(z|x)] = p(z), at 512 z", density.value,
            Normal.standard.density(z), allowance: density.allowance(magnitude: 1))
        }))
    for row in rows + [neuralRow] {
      notebook.check(
        .exact(
          "2.13", "\(row.name): E_x D(p(z|x)‖p(z)) = H(x) − E_z H(x|z)", row.average.value,
          row.data.value - row.noise.value,
          // E|log p| of each of the parts is below 8.
          allowance: row.average.allowance(magnitude: 8) + row.data.allowance(magnitude: 8)
            + row.noise.allowance(magnitude: 8)))
    }
  }

  private struct InformationRow {
    let name: String
    /// E_x D(p(z|x) ‖ p(z)), H(x) and E_z H(x|z).
    let average: Integral
    let data: Integral
    let noise: Integral
  }

  private static var mixtureRow: InformationRow {
    let model = Examples.mixture.model
    return InformationRow(
      name: Examples.mixture.name,
      average: expectation(overDataOf: model) { x, _ in
        klDivergence(model.posterior(given: x), relativeTo: model.prior)
      },
      data: expectation(overDataOf: model) { _, logEvidence in -logEvidence },
      noise: model.prior.expectation { model.components[$0].entropy })
  }

  private static func linearRow(_ example: Example<LinearGaussianModel>) -> InformationRow {
    let model = example.model
    return InformationRow(
      name: example.name, average: Integral(exactly: information(of: model)),
      data: Integral(exactly: model.marginal.entropy),
      noise: Integral(exactly: model.noise.entropy))
  }

  /// H(x|z) = log 2πe + ½ (g₁(z) + g₂(z)), averaged over the prior.
  private static var neuralNoise: Integral {
    NeuralModel.example.prior.expectation { z in
      let g = NeuralModel.example.decode(z).logVariance
      return logTwoPi + 1 + 0.5 * (g.x + g.y)
    }
  }

  private static func plane(nodes: Int) -> PlaneDensity {
    let side = Grid(over: NeuralModel.plane.first.bounds, count: nodes)
    return PlaneDensity(marginalOf: NeuralModel.example.decode, first: side, second: side)
  }

  private static func classCheck(_ z: Int) -> Check {
    let model = Examples.mixture.model
    let average = expectation(overDataOf: model) { x, _ in
      model.posterior(given: x).probabilities[z]
    }
    return .exact(
      "2.13", "mixture: ∫ p(x) p(z|x) dx = p(z), z = 0, 1, 2", average.value,
      model.prior.probabilities[z], allowance: average.allowance(magnitude: 1))
  }

  private static func averagedMomentChecks(_ model: LinearGaussianModel) -> [Check] {
    let (average, prior) = (averagedPosterior(of: model), model.prior)
    return prior.mean.indices.flatMap { i in
      [(average.mean[i], 0)]
        + prior.mean.indices.map { j in (average.covariance[i, j], prior.covariance[i, j]) }
    }.map { value, exact in
      .exact(
        "2.13", "linear-Gaussian: E_x[p(z|x)] has mean 0 and covariance Λ⁻¹ + K Cov[x] Kᵀ = I",
        value, exact, allowance: rounding(1))
    }
  }
}
