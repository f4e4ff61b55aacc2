import Foundation
import TinyNumerics

/// A linear VAE of centred data:
///   decoder p(x|z) = N(Wz, σ²I),   guide q(z|x) = N(Vx, diag s²),   prior N(0, I).
///
/// Decoder and encoder need no offsets, for the data's mean has been taken off: with offsets b and
/// c the ELBO holds −‖b + Wc‖²/2σ² − ½‖c‖² more, and nothing else of them, which is best at
/// b = c = 0.
struct LinearVAE {
  /// W, J × D.
  var weights: Matrix
  /// V, D × J.
  var encoder: Matrix
  /// log s², one entry a latent: the same for every x.
  var logVariance: [Double]
  /// log σ².
  var logNoise: Double

  /// W and V with entries N(0, `scale`²), s² = 1.
  init(
    dataDimension: Int, latentDimension: Int, noise: Double = 1, scale: Double = 0.1,
    using generator: inout some RandomNumberGenerator
  ) {
    weights = Matrix(rows: dataDimension, columns: latentDimension) { _, _ in
      scale * generator.normal()
    }
    encoder = Matrix(rows: latentDimension, columns: dataDimension) { _, _ in
      scale * generator.normal()
    }
    logVariance = Array(repeating: 0, count: latentDimension)
    logNoise = log(noise)
  }

  var latentDimension: Int { weights.columns }
  var dataDimension: Int { weights.rows }
  var noise: Double { exp(logNoise) }

  /// q(z|x).
  func guide(for x: [Double]) -> DiagonalGaussian {
    DiagonalGaussian(mean: encoder * x, logVariance: logVariance)
  }

  /// Eq. 6.5: the objective E[log p(x|z)] − β KL averaged over data of covariance S, without
  /// sampling, in nats a data point (β = 1: the ELBO), and its gradient by `parameters`. With
  /// G = SVᵀ and A = VSVᵀ,
  ///   E‖x − WVx‖² = tr S − 2 tr(WᵀG) + tr(WᵀW A),   E_q adds Σ_d s_d²‖w_d‖²,
  ///   E[log p(x|z)] = −½ J log 2πσ² − (the two)/2σ²,
  ///   KL_d = ½ (A_dd + s_d² − 1 − log s_d²).
  /// Derivatives:
  ///   by W: (G − WA − W diag s²)/σ²,   by V: ((SW)ᵀ − WᵀW Gᵀ)/σ² − β Gᵀ,
  ///   by log s_d²: −½ (s_d²‖w_d‖²/σ² + β (s_d² − 1)),   by log σ²: −½ J + (the two)/2σ².
  func objective(
    covariance s: Matrix, beta: Double = 1
  ) -> (value: Double, gradient: [Double]) {
    let g = s * encoder.transpose
    let a = encoder * g
    let gram = weights.transpose * weights
    let units = 0..<latentDimension
    let variances = logVariance.map { exp($0) }
    let spread = units.reduce(0) { $0 + variances[$1] * gram[$1, $1] }
    let misfit = trace(s) - 2 * trace(weights.transpose * g) + trace(gram * a) + spread
    let precision = 1 / noise
    let j = Double(dataDimension)
    let divergence = units.reduce(0) {
      $0 + 0.5 * (a[$1, $1] + variances[$1] - 1 - logVariance[$1])
    }
    let value = -0.5 * (j * (logTwoPi + logNoise) + precision * misfit) - beta * divergence
    let byWeights = precision * (g - weights * (a + .diagonal(variances)))
    let byEncoder =
      precision * ((s * weights).transpose - gram * g.transpose) - beta * g.transpose
    let byLogVariance = units.map {
      -0.5 * (precision * variances[$0] * gram[$0, $0] + beta * (variances[$0] - 1))
    }
    return (
      value,
      byWeights.entriesInOrder + byEncoder.entriesInOrder + byLogVariance
        + [-0.5 * (j - precision * misfit)]
    )
  }

  /// The mean of log N(x; 0, WWᵀ + σ²I) over data of covariance S, by a Cholesky factor C = LLᵀ:
  ///   −½ (J log 2π + log |C| + ‖L⁻¹S^{½}‖²),  the last being tr(C⁻¹S).
  func logLikelihood(covariance s: Matrix) -> Double {
    let model = weights * weights.transpose + noise * .identity(dataDimension)
    guard let factor = Cholesky(model) else { return .nan }
    return -0.5
      * (Double(dataDimension) * logTwoPi + factor.logDeterminant + trace(factor.inverse * s))
  }
}

func trace(_ a: Matrix) -> Double { a.diagonal.reduce(0, +) }
