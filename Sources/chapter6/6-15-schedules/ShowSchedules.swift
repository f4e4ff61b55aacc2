import Figures
import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension DigitStudies {
  // MARK: 6.15

  func showSchedules(in notebook: Notebook) throws {
    notebook.section("6.15", "Warm-up and free bits")
    let count = Schedules.seeds * Schedules.Way.allCases.count
    let schedules = try notebook.working("training three ways", steps: count) {
      try Schedules(self, eachRun: $0)
    }
    notebook.text(
      """
      Six latents, 32 hidden units, \(Schedules.epochs) epochs, \(Schedules.seeds) seeds. \
      Warm-up: β \
      grows from 0 to 1 over \(Schedules.warmUp) epochs. Free bits: each dimension's KL counts \
      as at \
      least λ = \(Schedules.freeBits) nats. The ELBO is the honest one, with neither. Held-out \
      means \
      over the seeds, and the difference from plain training with its standard error.
      """)
    notebook.table(
      ["", "ELBO", "less plain", "KL", "less plain", "active"],
      Schedules.Way.allCases.map { way in
        let runs = schedules.runs[way]!
        func difference(_ value: (Schedules.Run) -> Double) -> String {
          guard way != .plain else { return "" }
          let estimate = schedules.differences(way, value)
          return "\(estimate.mean.decimals(2)) ± \(estimate.standardError.decimals(2))"
        }
        return [
          way.rawValue, mean(runs.map(\.elbo)).decimals(2), difference(\.elbo),
          mean(runs.map(\.divergence)).decimals(2), difference(\.divergence),
          mean(runs.map { Double($0.active) }).decimals(1) + " of 6",
        ]
      })
    notebook.text(
      [Schedules.Way.warmUp, .freeBits].map { way in
        "With \(way.rawValue) the held-out ELBO is "
          + direction(schedules.differences(way, \.elbo)) + ", the KL "
          + direction(schedules.differences(way, \.divergence)) + "."
      }.joined(separator: " "))
    notebook.check(
      .bound(
        "6.15", "KL, plain ≤ with free bits; standard error of the paired difference",
        lower: mean(schedules.runs[.plain]!.map(\.divergence)),
        upper: mean(schedules.runs[.freeBits]!.map(\.divergence)),
        standardError: schedules.differences(.freeBits, \.divergence).standardError))
    try showObjectives(in: notebook)
    notebook.gap()
    try notebook.figure("chapter6-schedules") { figure(schedules) }
  }

  /// In words, if five standard errors show it.
  private func direction(_ difference: Estimate) -> String {
    guard abs(difference.mean) > 5 * difference.standardError else {
      return "not seen to change (five standard errors)"
    }
    return difference.mean > 0 ? "higher" : "lower"
  }

  /// What the two do to the objective.
  private func showObjectives(in notebook: Notebook) throws {
    let model = try trained(Schedules.experiment(.plain, epochs: 10, seed: seed)).model
    let images = binaryHeldOut.rows(0..<20)
    var generator = Threefry(seed: seed, row: 15)
    let (kernels, differences) = freeBitsSlopes(
      of: model, images: images, beta: 0.7,
      freeBits: medianDivergence(model.guides(for: images)), using: &generator)
    notebook.check(
      .exact(
        "6.15", "slope of the objective with free bits: kernels = differences of Σ max(λ, D_d)",
        kernels, differences.value, allowance: differences.error))
    var start = Schedules.experiment(.warmUp, epochs: 1, seed: seed)
    let warm = try trained(start).history.heldOut[0].elbo
    (start.warmUp, start.beta) = (0, 0)
    notebook.check(
      .exact(
        "6.15", "the first epoch of a warm-up is one of β = 0: held-out ELBO after it", warm,
        try trained(start).history.heldOut[0].elbo, allowance: 0))
  }

  private func figure(_ schedules: Schedules) -> Figure {
    Figure(
      "The KL of six latents while training: warm-up lets it rise first, free bits never let it fall",
      panels: [
        Panel(
          x: Axis("epoch"), y: Axis("KL, held out, nats"),
          marks: Schedules.Way.allCases.enumerated().map { i, way in
            .line(
              schedules.runs[way]![0].history.enumerated().map {
                (Double($0 + 1), $1.divergence)
              }, label: way.rawValue, colour: .series(i))
          })
      ])
  }
}
