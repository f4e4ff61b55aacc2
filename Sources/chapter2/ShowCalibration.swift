import Notebook
import TinyNumerics
import ToyModels

extension Chapter2 {
  /// L.
  private static let posteriorDraws = 15

  static func showCalibration(in notebook: Notebook) {
    notebook.section("2.11", "Simulation-based calibration: a right posterior has uniform ranks")
    notebook.text(
      """
      Draw (z, x) from the model, then L = \(posteriorDraws) posterior draws given x, and count \
      how many lie below z. If the posterior is right, z is one more draw like the others and its \
      rank is uniform on 0…L: mean L/2, variance L(L+2)/12. To 5%, because every simulation needs \
      a posterior of its own.
      """)
    let (mixture, plane, neural) = (
      MixtureModel.example, LinearGaussianModel.plane, CachedPosterior(.example)
    )
    let right = [
      (
        "mixture, the class",
        ranks(of: mixture, 12_000, part: 1, notebook, mixture.posterior) { Double($0) }
      ),
      (
        "linear-Gaussian, z₁",
        ranks(of: plane, 12_000, part: 2, notebook, plane.posterior) { $0[0] }
      ),
      (
        "neural, z",
        ranks(of: NeuralModel.example, 9_000, part: 3, notebook, neural.callAsFunction) { $0 }
      ),
    ]
    func halved(given x: [Double]) -> Gaussian {
      let posterior = plane.posterior(given: x)
      return Gaussian(mean: posterior.mean, covariance: 0.5 * posterior.covariance)
    }
    let wrong = ranks(of: plane, 6_000, part: 4, notebook, halved) { $0[0] }
    showRanks(right + [("wrong: half the variance", wrong)], in: notebook)
    for (name, calibration) in right { check(calibration, name, in: notebook) }
    checkCache(neural, in: notebook)
    let exact = Calibration.spread(draws: posteriorDraws, varianceRatio: 0.5)
    notebook.check(
      .monteCarlo(
        "2.11", "half the variance: mean of (rank − L/2)² = L/4 + L(L−1) asin(⅔)/2π",
        estimate: wrong.spread.mean, standardError: wrong.spread.standardError, exact: exact,
        promise: 0.05 * exact))
  }

  /// Ranks cannot tell this: a "posterior" that is the prior passes, too.
  private static func checkCache(_ cached: CachedPosterior, in notebook: Notebook) {
    let (model, x) = (Examples.neural.model, Examples.neural.x)
    let (posterior, evidence) = (cached(given: x), model.logEvidence(of: x))
    notebook.check(
      .worst(
        "2.11", "neural: the table's log p(z|x) = log p(x, z) − log p(x) at 65 z",
        of: (-32...32).map { i in
          let z = Double(i) / 8
          let exact = model.logJoint(x, z) - evidence.value
          return (
            posterior.logDensity(z), exact,
            evidence.error + posterior.error + rounding(exact, evidence.value, 4, terms: 1024)
          )
        }))
  }

  private static func ranks<Model: LatentVariableModel, Posterior: LatentDistribution>(
    of model: Model, _ simulations: Int, part: Int, _ notebook: Notebook,
    _ posterior: (Model.Observation) -> Posterior, coordinate: (Model.Latent) -> Double
  ) -> Calibration where Posterior.Latent == Model.Latent {
    var generator = Threefry(seed: notebook.seed, row: 11, part: part)
    return Calibration(
      of: model, draws: posteriorDraws, simulations: notebook.samples(default: simulations),
      using: &generator, posterior: posterior, coordinate: coordinate)
  }

  private static func showRanks(
    _ calibrations: [(name: String, Calibration)], in notebook: Notebook
  ) {
    let uniform = Calibration.uniform(draws: posteriorDraws)
    notebook.table(
      ["model, coordinate", "simulations", "ranks 0…L", "mean", "variance", "χ² p-value"],
      calibrations.map { name, calibration in
        [
          name, "\(calibration.rank.count)", bars(calibration),
          calibration.rank.mean.decimals(3), calibration.spread.mean.decimals(3),
          calibration.fit.pValue.significant(2),
        ]
      } + [["uniform", "", "", uniform.mean.decimals(3), uniform.variance.decimals(3), ""]])
  }

  private static func check(_ calibration: Calibration, _ name: String, in notebook: Notebook) {
    let uniform = Calibration.uniform(draws: posteriorDraws)
    notebook.check(
      .monteCarlo(
        "2.11", "\(name): mean rank", estimate: calibration.rank.mean,
        standardError: calibration.rank.standardError, exact: uniform.mean,
        promise: 0.05 * uniform.mean))
    notebook.check(
      .monteCarlo(
        "2.11", "\(name): mean of (rank − L/2)²", estimate: calibration.spread.mean,
        standardError: calibration.spread.standardError, exact: uniform.variance,
        promise: 0.05 * uniform.variance))
    notebook.check(
      .monteCarlo(
        "2.11", "\(name): relative deviations of the 16 ranks, mean square (χ²)",
        estimate: calibration.unevenness.value,
        standardError: calibration.unevenness.standardError, exact: 0, promise: 0.06 * 0.06))
  }

  /// A bar a rank, as high as its count over twice the expected one: half-high and flat when
  /// calibrated.
  private static func bars(_ calibration: Calibration) -> String {
    let expected = Double(calibration.rank.count) / Double(calibration.counts.count)
    let shades = Array("▁▂▃▄▅▆▇█")
    return String(
      calibration.counts.map { shades[min(7, Int((4 * Double($0) / expected).rounded()))] })
  }
}
