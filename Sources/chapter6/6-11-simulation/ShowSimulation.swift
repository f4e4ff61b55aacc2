import Figures
import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension Study {
  // MARK: 6.11

  func showSimulation(of model: VariationalAutoencoder<Double>, in notebook: Notebook) {
    notebook.section("6.11", "The guide on data of the model: calibration, and a bound from above")
    var generator = Threefry(seed: notebook.seed, row: 11)
    // Large images take their time, and of a handful of pairs no standard error can be told.
    let most = max(30, min(300, 300 * 1024 / dataset.pixels))
    let pairs = min(max(notebook.samples(default: most), 30), 4000)
    let simulation = notebook.working("posteriors on a grid", steps: Simulation.bands) {
      Simulation(of: model, pairs: pairs, eachBand: $0, using: &generator)
    }
    guard let simulation else {
      notebook.text("Left out: the guide of an image that the model drew is no distribution.")
      return
    }
    let bound = notebook.working("ELBO", steps: pairs) {
      ExactELBO(
        of: model.decoder, guides: simulation.guides, images: simulation.images, nodes: 20,
        eachImage: $0)
    }
    notebook.text(
      """
      \(pairs) pairs (z, x) from the trained model itself. The z that made x is a draw from the \
      posterior p(z|x): log w(z) = log p(x, z) − log q(z|x) is on average log p(x) + D(p(z|x)‖q), \
      an upper bound to go with the lower one (eq. 3.16). And u = Φ((z − µ)/σ), the rank of z \
      under the guide, would be uniform if the guide were the posterior.
      """)
    let elbo = mean(bound.terms.map(\.elbo))
    let evidence = mean(simulation.logEvidence)
    let gaps = Estimate(zip(simulation.sampledGaps, simulation.upperGaps).map(-))
    let upper = evidence + mean(simulation.sampledGaps)
    notebook.table(
      ["means over simulated images", "nats"],
      [
        ["ELBO = E_q[log w]", elbo.decimals(4)], ["log p(x)", evidence.decimals(4)],
        ["log w at the z that made x", upper.decimals(4)],
        [
          "log p(x) + D(p(z|x)‖q), by the grid",
          (evidence + mean(simulation.upperGaps)).decimals(4),
        ],
      ])
    notebook.verbatim(
      "ranks u of z under the guide, ten bins from 0 to 1  " + histogram(simulation))
    notebook.check(
      .bound("6.11", "ELBO ≤ log p(x), simulated images", lower: elbo, upper: evidence))
    notebook.check(
      .bound(
        "6.11", "log p(x) ≤ mean log w at the z that made x", lower: evidence, upper: upper,
        standardError: Estimate(simulation.sampledGaps).standardError))
    show(
      .monteCarlo(
        "6.11", "log w(z) − log p(x), less D(p(z|x)‖q) by the grid", estimate: gaps.mean,
        standardError: gaps.standardError, exact: 0, promise: promisedGap(pairs)), in: notebook)
    showCalibration(simulation, in: notebook)
  }

  /// Half a nat with 300 pairs: log w has a standard deviation of a nat or so.
  /// More pairs promise no more than that.
  private func promisedGap(_ pairs: Int) -> Double {
    0.5 * max(1, 300 / Double(pairs)).squareRoot()
  }

  /// Is the guide too narrow, or in the wrong place?
  private func showCalibration(_ simulation: Simulation, in notebook: Notebook) {
    let promise = promisedGap(simulation.upperGaps.count)
    let rows =
      zip(
        [
          "12 (u − ½)², the guide", "12 (u − ½)², its width at the posterior's mean",
          "12 (u − ½)², the posterior's width at its mean", "Var(z|x)/σ²",
        ], simulation.calibrations + [simulation.widths]
      ).map { name, value in (name, Estimate(value.sampled), mean(value.exact), value) }
    notebook.table(
      ["means over images and dimensions", "sampled", "by the grid"],
      rows.map { [$0.0, $0.1.mean.decimals(3), $0.2.decimals(3)] })
    for (name, sampled, exact, value) in rows {
      let difference = Estimate(zip(value.sampled, value.exact).map(-))
      show(
        .monteCarlo(
          "6.11", "\(name): at the z that made x, against the grid", estimate: sampled.mean,
          standardError: difference.standardError, exact: exact, promise: promise), in: notebook)
    }
  }

  private func histogram(_ simulation: Simulation) -> String {
    var counts = [Double](repeating: 0, count: 10)
    for u in simulation.ranks { counts[min(Int(u * 10), 9)] += 1 }
    return sparkline([0] + counts).dropFirst() + "  "
      + counts.map { "\(Int($0))" }.joined(separator: " ")
  }
}
