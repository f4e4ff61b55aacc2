import TinyNetworks
import TinyNumerics

/// Eq. 6.10: what the latent dimensions of a VAE are used for.
///
/// A guide N(µ_d(x), σ_d²(x)) pays D_d(x) = ½ (µ_d² + σ_d² − 1 − log σ_d²) nats for dimension d
/// (eq. 1.9). A dimension is called active when its mean moves with x: Var_x E_q[z_d] > 0.01.
///
/// The two are related. As t − 1 − log t ≥ 0, the mean over x of D_d is at least ½ of the mean of
/// µ_d², so
///   E_x D_d ≥ ½ Var_x E_q[z_d]:
/// a dimension whose KL is next to nothing is inactive.
///
/// - Source: active units: Burda, Grosse and Salakhutdinov, "Importance weighted autoencoders",
///   ICLR 2016, appendix C.
struct LatentUse {
  /// E_x D_d, in nats, one a dimension.
  let divergences: [Double]
  /// Var_x E_q[z_d].
  let variances: [Double]

  init(of guides: [DiagonalGaussian]) {
    let dimensions = 0..<guides[0].dimension
    divergences = dimensions.map { d in
      mean(guides.map { klDivergence($0[d], relativeTo: .standard) })
    }
    variances = dimensions.map { d in
      let means = guides.map { $0.mean[d] }
      let middle = mean(means)
      return mean(means.map { ($0 - middle) * ($0 - middle) })
    }
  }

  /// E_x D_d once more, from its definition: E_q[log q(z_d|x) − log p(z_d)] by two Gauss–Hermite
  /// nodes, which are exact for a quadratic; and Var_x µ_d as ½ (µ_d(x) − µ_d(x′))² averaged over
  /// all pairs of images.
  static func byDefinition(
    _ guides: [DiagonalGaussian], dimension d: Int
  ) -> (divergence: Double, variance: Double) {
    let rule = GaussHermite(nodes: 2)
    let logRatios = guides.map { q in
      rule.expectation(under: q[d]) { q[d].logDensity($0) - Normal.standard.logDensity($0) }
    }
    let means = guides.map { $0.mean[d] }
    let squares = means.map { a in mean(means.map { b in (a - b) * (a - b) / 2 }) }
    return (mean(logRatios), mean(squares))
  }

  static let activity = 0.01

  var activeCount: Int { variances.count { $0 > LatentUse.activity } }
}
