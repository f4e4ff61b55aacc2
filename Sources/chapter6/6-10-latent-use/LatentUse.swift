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
/// a dimension whose KL is next to nothing, a collapsed one, is inactive.
///
/// - Source: active units: Burda, Grosse and Salakhutdinov, "Importance weighted autoencoders",
///   ICLR 2016, appendix C.
struct LatentUse {
  /// E_x D_d, in nats, one a dimension.
  let divergences: [Double]
  /// Var_x E_q[z_d].
  let variances: [Double]

  init(of model: VariationalAutoencoder<Double>, images: Rows<Double>) {
    let guides = model.guides(for: images)
    let dimensions = 0..<model.latentDimension
    divergences = dimensions.map { d in
      mean(guides.map { klDivergence($0[d], relativeTo: .standard) })
    }
    variances = dimensions.map { d in
      let means = guides.map { $0.mean[d] }
      let middle = mean(means)
      return mean(means.map { ($0 - middle) * ($0 - middle) })
    }
  }

  static let activity = 0.01

  var activeCount: Int { variances.count { $0 > LatentUse.activity } }

  /// E_x D_d − ½ Var_x E_q[z_d], the smallest over the dimensions: never below 0.
  var smallestMargin: Double { zip(divergences, variances).map { $0 - $1 / 2 }.min() ?? .nan }
}
