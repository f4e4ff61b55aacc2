import TinyNetworks
import TinyNumerics

/// Linear β-VAEs with six latents and a fixed σ² on the small images.
struct LinearCollapse {
  let exact: ProbabilisticPCA
  private let covariance: Matrix
  private let images: Rows<Double>
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
    /// E_x KL of each unit, the largest first, in nats, from the guide that was found: the mean
    /// over the images of eq. 1.9.
    let divergences: [Double]
    /// E_x log p(x|z) − KL, β left out: the ELBO where the climb for this β ends.
    let elbo: Double
    /// ½ max(0, log(λ_i/(βσ²))).
    let expected: [Double]
    /// A gradient g at the end moves ‖w_i‖ by at most gλ_i²/(2‖w_i‖²) and the KL by λ_i/(2‖w_i‖) g,
    /// and in the encoder's whitened coordinates by at most g; both factors are below 2 here.
    let allowance: Double
  }

  func optimum(beta: Double) -> Optimum {
    let (vae, ascent) = start.maximised(
      covariance: covariance, beta: beta, noiseIsFixed: true)
    let guides = images.map { vae.guide(for: Array($0)) }
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
      allowance: 4 * ascent.gradientNorm + rounding(1, terms: images.count))
  }

  /// What the loss of all units costs, in nats an image: unit i alone brings the mean
  /// log-likelihood
  ///   ½ (λ_i/σ² − 1 − log(λ_i/σ²))
  /// more than w_i = 0 does, for it replaces λ_i/σ² + log σ² by 1 + log λ_i in −2 log p.
  var costOfCollapse: Double {
    exact.eigen.eigenvalues.prefix(exact.dimension).reduce(0) {
      $0 + 0.5 * excessOverLogarithm($1 / LinearCollapse.noise)
    }
  }
}
