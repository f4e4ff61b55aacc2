import Notebook
import TinyNumerics

/// A linear VAE with two latents, trained both ways, beside the closed form.
struct LinearFit {
  let exact: ProbabilisticPCA
  /// BFGS on the closed-form ELBO of all images.
  let climbed: (vae: LinearVAE, ascent: Ascent)
  /// Adam on the same closed form, as many steps of the same size as `sampled` takes.
  let stepped: Double
  /// Minibatches of 100, one draw an image, Adam; its ELBO is then taken without sampling.
  let sampled: LinearVAE
  let sampledELBO: Double
  /// The mean log-likelihood of the model that BFGS found.
  let logLikelihood: Double

  static let epochs = 60

  init(_ study: LinearStudy) {
    exact = ProbabilisticPCA(covariance: study.covariance, dimension: 2)
    var generator = Threefry(seed: study.seed, row: 5)
    let start = LinearVAE(
      dataDimension: LinearStudy.pixels, latentDimension: 2, using: &generator)
    climbed = start.maximised(covariance: study.covariance, tolerance: 1e-7)
    logLikelihood = climbed.vae.logLikelihood(covariance: study.covariance)
    stepped =
      steppedUp(
        start, covariance: study.covariance, steps: LinearFit.epochs * (study.images.count / 100)
      ).objective(covariance: study.covariance).value
    sampled = trainedBySampling(
      start, on: study.images, epochs: LinearFit.epochs, seed: study.seed)
    sampledELBO = sampled.objective(covariance: study.covariance).value
  }

  /// Of the ELBO: the largest of the terms that it sums is ½ J |log σ²| = 93 nats.
  static let rounding = TinyNumerics.rounding(93)

  /// How far the angle may be off, in radians. Turning u_D towards u_{D+1} by θ is the cheapest
  /// turn of the plane and costs ½ θ² κ nats, κ = (λ_D − λ_{D+1})(1/σ² − 1/λ_D); what is less than
  /// the rounding of the ELBO no climb can tell.
  var angleAllowance: Double {
    let (last, next) = (exact.eigen.eigenvalues[1], exact.eigen.eigenvalues[2])
    return (2 * LinearFit.rounding / ((last - next) * (1 / exact.noise - 1 / last))).squareRoot()
  }

  var checks: [Check] {
    [
      .exact(
        "6.5", "maximum of log p by eigenvalues = −0.015612 (golden, to its last digit)",
        exact.maximum, -0.015612, allowance: 5e-7),
      .exact(
        "6.5", "the climbed ELBO = the maximum of log p, by eigenvalues", climbed.ascent.value,
        exact.maximum, allowance: LinearFit.rounding),
      .exact(
        "6.5", "the climbed ELBO = log p of the model it found, by its Cholesky factor",
        climbed.ascent.value, logLikelihood, allowance: LinearFit.rounding),
      .exact(
        "6.5", "σ² climbed = the mean of the 62 discarded eigenvalues", climbed.vae.noise,
        exact.noise, allowance: noiseAllowance),
      .exact(
        "6.5", "the largest angle between the two planes, in radians",
        exact.largestAngle(to: climbed.vae.weights), 0, allowance: angleAllowance),
      .bound(
        "6.5", "sampled training ends below as many exact steps of Adam", lower: sampledELBO,
        upper: stepped),
      .bound(
        "6.5", "exact steps of Adam stay below the maximum", lower: stepped,
        upper: exact.maximum + LinearFit.rounding),
    ]
  }

  /// By log σ² the mean log-likelihood has the curvature ½ (J − D) = 31 at its maximum: δ costs
  /// ½ · 31 δ².
  private var noiseAllowance: Double {
    exact.noise * (2 * LinearFit.rounding / 31).squareRoot()
  }
}
