import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension Study {
  /// Rows 6.2 and 6.3 where the latent space is out of a grid's reach: log p(x) is estimated, not
  /// known.
  func showEstimatedEvidence(
    of model: VariationalAutoencoder<Double>, in notebook: Notebook
  ) throws {
    notebook.section("6.3", "ELBO ≤ log p(x), estimated by importance sampling")
    let draws = min(notebook.samples(default: 1000), 100_000)
    let (evidence, elbo) = notebook.working("log p(x) and ELBO", steps: 2 * dataset.examinedCount) {
      (
        EstimatedEvidence(
          of: model.decoder, guides: model.guides(for: examined), images: examined, draws: draws,
          seed: notebook.seed, eachImage: $0),
        sampledELBO(of: model, draws: draws, seed: notebook.seed, eachImage: $0)
      )
    }
    let bound = manySampleBound(of: model, in: notebook)
    notebook.text(
      """
      \(reachWords) Each of \(dataset.examinedCount) held-out images gets \(draws) draws from a \
      mixture of its guide (nine parts) and the prior (one part), which bounds the weights \
      (eq. 2.5). The mean weight is unbiased; its logarithm is an estimate of log p(x) and, on \
      average, a lower bound on it: not the evidence itself. The median effective sample size is \
      \(evidence.medianEffectiveSampleSize.decimals(1)) of \(draws): where it is a handful, the \
      standard error has not seen the weights that matter.
      """)
    let logEvidence = mean(evidence.logEvidence)
    showLadder(
      bound, first: ["ELBO", elbo.mean.decimals(4), elbo.standardError.decimals(4)],
      last: ["log p(x), estimated", logEvidence.decimals(4), evidence.standardError.decimals(4)],
      in: notebook)
    showEstimatedChecks(bound, elbo: elbo, evidence: evidence, in: notebook)
    try notebook.figure("chapter6-many-samples") {
      figure(of: bound, elbo: elbo.mean, evidence: logEvidence, isExact: false)
    }
  }

  private var reachWords: String {
    experiment.latent > 2
      ? "A grid in \(experiment.latent) dimensions is out of reach."
      : "A grid fine and wide enough for these posteriors is out of reach."
  }

  private func showEstimatedChecks(
    _ bound: ManySampleBound, elbo: (mean: Double, standardError: Double),
    evidence: EstimatedEvidence, in notebook: Notebook
  ) {
    let (first, last) = (bound.bounds[0], bound.bounds[bound.bounds.count - 1])
    show(
      .monteCarlo(
        "6.3", "L_1 − ELBO: whole weights against reconstruction and closed-form KL",
        estimate: first.mean - elbo.mean,
        standardError: hypotenuse(first.standardError, elbo.standardError), exact: 0,
        promise: 2 * promise(for: elbo.mean)), in: notebook)
    notebook.check(smallestGain(of: bound))
    notebook.check(
      .bound(
        "6.3", "ELBO ≤ L_64, on average", lower: elbo.mean, upper: last.mean,
        standardError: hypotenuse(elbo.standardError, last.standardError)))
    notebook.check(
      .bound(
        "6.3", "ELBO ≤ log p(x), estimated, on average", lower: elbo.mean,
        upper: mean(evidence.logEvidence),
        standardError: hypotenuse(elbo.standardError, evidence.standardError)))
    notebook.gap()
  }

  /// The mean over the images of E_q[log p(x|z)], sampled, minus the exact divergence (eq. 3.7).
  private func sampledELBO(
    of model: VariationalAutoencoder<Double>, draws: Int, seed: UInt64,
    eachImage: @Sendable () -> Void
  ) -> (mean: Double, standardError: Double) {
    let guides = model.guides(for: examined)
    let estimates = concurrentMap(guides.count, each: eachImage) { i in
      var generator = Threefry(seed: seed, row: 3, part: 200_000 + i)
      let points = guides[i].draws(draws, using: &generator)
      return Estimate(LogLikelihoodGrid(model.decoder, images: examined.row(i))(points).numbers)
    }
    let prior = DiagonalGaussian.standard(dimension: model.latentDimension)
    let divergence = guides.reduce(0) { $0 + klDivergence($1, relativeTo: prior) }
    let reconstruction = estimates.reduce(0) { $0 + $1.mean }
    let variance = estimates.reduce(0) { $0 + $1.standardError * $1.standardError }
    let count = Double(guides.count)
    return ((reconstruction - divergence) / count, variance.squareRoot() / count)
  }
}

private func hypotenuse(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
