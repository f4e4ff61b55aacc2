import Figures
import Foundation
import Notebook
import TinyNumerics
import ToyModels

extension Chapter2 {
  /// Nodes of a grid, and draws that count of a million, against the number of latent dimensions.
  static func intractableFigure(nodes: Int) -> Figure {
    let dimensions = Array(1...16)
    let shares = dimensions.map { dimension in
      let model = LinearGaussianModel.chain(dimension)
      return 1e6 / relativeMoment(2, of: model, at: model.unremarkableObservation)
    }
    let years = 1e9 * 86400 * 365.25
    return Figure(
      "What \"intractable\" means", width: 760, height: 340,
      panels: [
        Panel(
          title: "Quadrature: \(nodes) nodes a dimension",
          x: Axis("latent dimensions D"), y: Axis("evaluations of p(x, z)", scale: .log10),
          marks: [
            .line(
              dimensions.map { (Double($0), pow(Double(nodes), Double($0))) }, colour: .second),
            .points(
              dimensions.map { (Double($0), pow(Double(nodes), Double($0))) }, colour: .second),
            .horizontal(at: years),
            .text("a year, at a nanosecond each", at: (1.4, 6 * years), align: .leading),
          ]),
        Panel(
          title: "Sampling: draws of a million that count",
          x: Axis("latent dimensions D"),
          y: Axis("effective sample size", scale: .log10, range: 100...2e6),
          marks: [
            .line(
              dimensions.map { (Double($0), 1e6) }, label: "from the posterior", colour: .third),
            .line(
              zip(dimensions, shares).map { (Double($0), $1) }, label: "from the prior",
              colour: .first),
            .points(zip(dimensions, shares).map { (Double($0), $1) }, colour: .first),
          ]),
      ])
  }

  /// The neural model's marginal with its ribbon and the Gaussian of the same moments.
  static func marginalFigure(
    _ model: NeuralModel, _ gaussian: Gaussian, _ divergence: Double
  ) -> Figure {
    let (x, y) = (-2.2...3.2, -2.4...3.2)
    let count = 161
    func node(_ i: Int, _ range: ClosedRange<Double>) -> Double {
      range.lowerBound + Double(i) / Double(count - 1) * (range.upperBound - range.lowerBound)
    }
    let table = DecoderTable(model.decode, nodes: Grid(over: -8...8, count: 768))
    let values = table.density(
      first: (0..<count).map { node($0, x) }, second: (0..<count).map { node($0, y) })
    let surface = Surface(x: x, y: y, columns: count, rows: count) { a, b in
      let i = Int(
        ((a - x.lowerBound) / (x.upperBound - x.lowerBound) * Double(count - 1)).rounded())
      let j = Int(
        ((b - y.lowerBound) / (y.upperBound - y.lowerBound) * Double(count - 1)).rounded())
      return values[i * count + j]
    }
    let ribbon = (-60...60).map { i -> (Double, Double) in
      let mean = model.decode(Double(i) / 20).mean
      return (mean.x, mean.y)
    }
    let covariance = (
      xx: gaussian.covariance[0, 0], xy: gaussian.covariance[1, 0], yy: gaussian.covariance[1, 1]
    )
    return Figure(
      "Gaussian given z, not Gaussian without it: D(p‖g) = \(divergence.decimals(2)) nats",
      width: 560, height: 560,
      panels: [
        Panel(
          x: Axis("x₁"), y: Axis("x₂"), equalAspect: true,
          marks: [
            .density(surface, levels: 10, label: "p(x)", colour: .first),
            .line(ribbon, label: "f(z), |z| ≤ 3", colour: .ink, width: 1.5),
            .ellipse(
              centre: (gaussian.mean[0], gaussian.mean[1]), covariance: covariance, radius: 1,
              label: "g of the same moments, at 1 and 2 σ", colour: .second),
            .ellipse(
              centre: (gaussian.mean[0], gaussian.mean[1]), covariance: covariance, radius: 2,
              colour: .second, style: .dashed),
          ])
      ])
  }
}
