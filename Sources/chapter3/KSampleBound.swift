import TinyNumerics

/// Eq. 3.15 and 3.18, in nats, without sampling: the bound of k samples
///   L_k = E log((w₁ + … + w_k)/k),   w = p(x, z)/q(z),   z₁, …, z_k ~ q independent,
/// for a real z. It is the ELBO at k = 1 and climbs to log p(x).
///
/// The weight is tabulated on two grids of z = µ + σu that share no node, and each table is handed
/// to `expectedLogMean` as a discrete z. Half of the difference counts as error.
///
/// - Source: Burda, Grosse and Salakhutdinov, "Importance weighted autoencoders", ICLR 2016.
struct KSampleBound {
  private let tables: [(logWeights: [Double], z: Discrete)]

  /// |u| ≤ 12: what lies beyond comes once in 10³² draws, so that no k within reach ever meets it,
  /// however heavy it is.
  init(under q: Normal, spacing: Double = 1.0 / 8, logWeight: (Double) -> Double) {
    tables = [0, 0.5].map { offset in
      let nodes = stride(from: -12 + offset * spacing, through: 12, by: spacing)
      return (
        nodes.map { logWeight(q.mean + q.standardDeviation * $0) },
        Discrete(weights: nodes.map { Normal.standard.density($0) })
      )
    }
  }

  /// L_k.
  func callAsFunction(_ k: Int) -> Integral {
    let bounds = tables.map { expectedLogMean(logWeights: $0.logWeights, under: $0.z, draws: k) }
    let sum = bounds[0] + bounds[1]
    return Integral(bounds[0].value, andShifted: bounds[1].value, evaluations: sum.evaluations)
      .adding(error: sum.error / 2)
  }
}
