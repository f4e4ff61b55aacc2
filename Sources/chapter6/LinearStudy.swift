import Foundation
import ImageModels
import Notebook
import TinyNumerics

/// Rows 6.5 and 6.12: linear VAEs on the training digits, grey levels over 16.
struct LinearStudy {
  /// Row after row, the mean image taken off.
  let images: [Double]
  let covariance: Matrix
  /// The covariance of the images at half their size: 4 × 4 means of 2 × 2 pixels.
  let smallCovariance: Matrix
  let small: [Double]
  let seed: UInt64

  static let pixels = 64
  static let smallPixels = 16

  /// - Requires: images of 8 × 8 pixels.
  init(_ digits: ImageSet, seed: UInt64) {
    require(digits.rows == 8 && digits.columns == 8, "images of 8 × 8 pixels")
    let grey = digits.levels.flatMap { $0.map { Double($0) / 16 } }
    (images, covariance) = centred(grey, width: LinearStudy.pixels)
    (small, smallCovariance) = centred(
      digits.levels.flatMap(halved), width: LinearStudy.smallPixels)
    self.seed = seed
  }
}

/// The data with their mean taken off, and their covariance.
private func centred(_ data: [Double], width: Int) -> ([Double], Matrix) {
  let (mean, covariance) = covariance(of: data, width: width)
  return (data.indices.map { data[$0] - mean[$0 % width] }, covariance)
}

/// An 8 × 8 image of levels up to 16 as 4 × 4 numbers up to 1.
func halved(_ levels: [UInt8]) -> [Double] {
  var small = [Double](repeating: 0, count: 16)
  for (pixel, level) in levels.enumerated() {
    small[4 * (pixel / 16) + pixel % 8 / 2] += Double(level) / 64
  }
  return small
}

// MARK: 6.5

/// A linear VAE with two latents, trained both ways, beside the closed form.
struct LinearFit {
  let exact: ProbabilisticPCA
  /// BFGS on the closed-form ELBO of all images.
  let climbed: (vae: LinearVAE, ascent: Ascent)
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
    sampled = trainedBySampling(
      start, on: study.images, epochs: LinearFit.epochs, using: &generator)
    sampledELBO = sampled.objective(covariance: study.covariance).value
  }

  /// Three hundred roundings of the largest of the terms that the ELBO sums: ½ J |log σ²| = 93 nats.
  static let rounding = 300 * 93 * Double.ulpOfOne

  /// How far the angle may be off, in radians: turning u_D towards u_{D+1} by θ costs
  /// ½ θ² (λ_D − λ_{D+1})(1/σ² − 1/λ_D) and moves w_D by ‖w_D‖θ, so that a gradient g allows
  ///   θ ≤ g ‖w_D‖ / ((λ_D − λ_{D+1})(1/σ² − 1/λ_D));
  /// ten times that, for what the other parameters add to the gradient and for its own rounding of 1e-8.
  var angleAllowance: Double {
    let (last, next) = (exact.eigen.eigenvalues[1], exact.eigen.eigenvalues[2])
    let curvature = (last - next) * (1 / exact.noise - 1 / last)
    let length = (last - exact.noise).squareRoot()
    return 10 * (climbed.ascent.gradientNorm + 1e-8) * length / curvature
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
        "6.5", "sampled training stays below the maximum", lower: sampledELBO,
        upper: exact.maximum),
    ]
  }

  /// By log σ² the mean log-likelihood has the curvature ½ (J − D) = 31 at its maximum.
  private var noiseAllowance: Double {
    10 * (climbed.ascent.gradientNorm + 1e-8) * exact.noise / 31
  }
}

// MARK: 6.12

/// Linear β-VAEs with six latents and a fixed σ² on the small images.
struct LinearCollapse {
  let exact: ProbabilisticPCA
  private let covariance: Matrix
  private let images: [Double]
  private let start: LinearVAE

  static let noise = 0.016

  init(_ study: LinearStudy) {
    exact = ProbabilisticPCA(covariance: study.smallCovariance, dimension: 6)
    (covariance, images) = (study.smallCovariance, study.small)
    var generator = Threefry(seed: study.seed, row: 12)
    start = LinearVAE(
      dataDimension: LinearStudy.smallPixels, latentDimension: 6, noise: LinearCollapse.noise,
      using: &generator)
  }

  /// The optimum for a β, found by BFGS from random weights.
  struct Optimum {
    let beta: Double
    /// E_x KL of each unit, the largest first, in nats, from the guide that was found: the mean over the
    /// images of eq. 1.9.
    let divergences: [Double]
    /// E_x log p(x|z) − KL, β left out: the ELBO where the climb for this β ends.
    let elbo: Double
    /// ½ max(0, log(λ_i/(βσ²))).
    let expected: [Double]
    /// A gradient g at the end moves ‖w_i‖ by at most gλ_i²/(2‖w_i‖²) and the KL by λ_i/(2‖w_i‖) g, and in
    /// the encoder's whitened coordinates by at most g; both factors are below 2 here. Ten, and rounding.
    let allowance: Double
  }

  func optimum(beta: Double) -> Optimum {
    let (vae, ascent) = start.maximised(
      covariance: covariance, beta: beta, noiseIsFixed: true)
    let width = LinearStudy.smallPixels
    let guides = stride(from: 0, to: images.count, by: width).map {
      vae.guide(for: Array(images[$0..<$0 + width]))
    }
    let units = 0..<exact.dimension
    return Optimum(
      beta: beta,
      divergences: units.map { d in
        mean(guides.map { klDivergence($0[d], relativeTo: .standard) })
      }.sorted(by: >),
      elbo: vae.objective(covariance: covariance).value,
      expected: units.map {
        exact.divergence(ofUnit: $0, noise: LinearCollapse.noise, beta: beta)
      },
      allowance: 10 * ascent.gradientNorm + 1e-12)
  }

  /// What the loss of all units costs, in nats an image: unit i alone brings the mean log-likelihood
  ///   ½ (λ_i/σ² − 1 − log(λ_i/σ²))
  /// more than w_i = 0 does, for it replaces λ_i/σ² + log σ² by 1 + log λ_i in −2 log p.
  var costOfCollapse: Double {
    exact.eigen.eigenvalues.prefix(exact.dimension).reduce(0) {
      $0 + 0.5 * excessOverLogarithm($1 / LinearCollapse.noise)
    }
  }
}
