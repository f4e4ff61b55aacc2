import Foundation
import TinyNumerics

/// Eq. 3.15 and 3.18, in nats, without sampling: the bound of k samples
///   L_k = E log((w₁ + … + w_k)/k),   w = p(x, z)/q(z),   z₁, …, z_k ~ q independent,
/// for a real z. It is the ELBO at k = 1 and climbs to log p(x).
///
/// The weight is tabulated on two grids of z = µ + σu that share no node, and each table is handed to
/// `expectedLogMean` as a discrete z. Half of the difference counts as error.
///
/// - Source: Burda, Grosse and Salakhutdinov, "Importance weighted autoencoders", ICLR 2016.
struct KSampleBound {
  private let tables: [(logWeights: [Double], z: Discrete)]

  /// |u| ≤ 37 is all that `Double` has of a normal density. The far tails count: where q is narrow,
  /// much of E[w] lives on draws that hardly ever come.
  init(under q: Normal, spacing: Double = 1.0 / 8, logWeight: (Double) -> Double) {
    tables = [0, 0.5].map { offset in
      let nodes = stride(from: -37 + offset * spacing, through: 37, by: spacing)
      let table = nodes.map { u in
        (logWeight: logWeight(q.mean + q.standardDeviation * u), u: Normal.standard.logDensity(u))
      }
      // Kept: what is likely, and what is heavy although it is not.
      let logMean = logSumExp(table.map { $0.logWeight + $0.u }) + log(spacing)
      let kept = table.filter { $0.u + max(0, $0.logWeight - logMean) > -48 }
      return (kept.map(\.logWeight), Discrete(weights: kept.map { exp($0.u) }))
    }
  }

  /// L_k.
  func callAsFunction(_ k: Int) -> Integral {
    let bounds = tables.map { expectedLogMean(logWeights: $0.logWeights, under: $0.z, draws: k) }
    return Integral(
      value: (bounds[0].value + bounds[1].value) / 2,
      error: abs(bounds[0].value - bounds[1].value) / 2 + max(bounds[0].error, bounds[1].error),
      evaluations: bounds[0].evaluations + bounds[1].evaluations)
  }
}
