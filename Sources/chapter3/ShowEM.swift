import Figures
import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  static func showEM(in notebook: Notebook) throws {
    notebook.section("3.13", "Maximum likelihood: EM climbs the same bound")
    notebook.text(
      """
      Post B's second task. 300 numbers drawn from the mixture; a start with three equal classes. \
      An E step raises the bound to the evidence by choosing q, an M step raises the bound by \
      choosing θ, and the evidence above it must rise at least as much. Nats a data point:
      """)
    var generator = Threefry(seed: notebook.seed, row: 13)
    let data = (0..<300).map { _ in Example.mixture.sample(using: &generator).x }
    let start = MixtureModel(
      weights: [1, 1, 1],
      components: [-0.5, 0, 0.5].map { Normal(mean: $0, standardDeviation: 0.4) })
    let history = EMHistory(data, from: start, steps: 40)
    let n = Double(data.count)
    notebook.table(
      ["after", "ELBO", "log p(x)", "gap"],
      [0, 1, 2, 3, 4, 5, 6, 20, 40, 80].map { i in
        let step = i == 0 ? "start" : "\(i % 2 == 1 ? "E" : "M") step \((i + 1) / 2)"
        let (bound, evidence) = (history.elbo[i] / n, history.logEvidence[i] / n)
        return [step] + [bound, evidence, abs(evidence - bound)].map { $0.decimals(6) }
      })
    for check in emChecks(history) { notebook.check(check) }
    try notebook.figure("chapter3-em") { emFigure(history, count: n) }
  }

  private static func emChecks(_ history: EMHistory) -> [Check] {
    let (elbo, evidence) = (history.elbo, history.logEvidence)
    let terms = 3 * 300  // a class of a data point each
    let slack = rounding(evidence[0], terms: terms)
    let touches = history.afterE.map { i in
      Check.exact(
        "3.13", "after E the bound touches: ELBO = log p(x)", elbo[i],
        evidence[i], allowance: slack)
    }
    let mRises = history.afterM.map { evidence[$0] - evidence[$0 - 1] }.min()!
    let boundRises = (1..<elbo.count).map { elbo[$0] - elbo[$0 - 1] }.min()!
    let gaps = elbo.indices.map { i in
      Check.exact(
        "3.13", "log p(x) − ELBO = D(q‖p(z|x)), summed over the data, after each half-step",
        evidence[i] - elbo[i], history.gap[i],
        allowance: rounding(elbo[i], evidence[i], terms: terms))
    }
    let slopes = history.slopes.joined().map { slope in
      Check.exact(
        "3.13", "after M no slope is left: ∂ELBO/∂θ = 0", slope.value, 0, allowance: slope.error)
    }
    return [
      .worst(of: touches),
      .bound(
        "3.13", "the evidence never falls: smallest rise of 40 M steps, within rounding",
        lower: -slack, upper: mRises),
      .bound(
        "3.13", "the bound never falls: smallest rise of 80 half-steps, within rounding",
        lower: -slack, upper: boundRises),
      .worst(of: gaps),
      .worst(of: slopes),
    ]
  }

  private static func emFigure(_ history: EMHistory, count n: Double) -> Figure {
    let shown = 2...14  // after the first M step, which lifts both by several nats
    func points(_ values: [Double]) -> [(Double, Double)] {
      shown.map { (Double($0), values[$0] / n) }
    }
    let (bound, evidence) = (points(history.elbo), points(history.logEvidence))
    let ticks = shown.map { i in (Double(i), "\(i % 2 == 1 ? "E" : "M")\((i + 1) / 2)") }
    return Figure(
      "EM: E lifts the bound to the evidence, M lifts both", width: 640, height: 380,
      panels: [
        Panel(
          x: Axis("after the half-step", ticks: ticks), y: Axis("nats a data point"),
          marks: [
            .band(
              zip(bound, evidence).map { (x: $0.0, lower: $0.1, upper: $1.1) },
              label: "D(q‖p(z|x))", colour: .second),
            .line(evidence, label: "log p(x)", colour: .ink), .points(evidence, colour: .ink),
            .line(bound, label: "ELBO"), .points(bound),
          ])
      ])
  }
}
