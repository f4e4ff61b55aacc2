import Foundation
import TinyNetworks
import TinyNumerics

/// A decoder at equally spaced nodes z_k, run once for all data points: log p_θ(x|z_k) is then a few
/// multiplications.
struct TabulatedDecoder {
  let z: [Double]
  private let means: [SIMD2<Double>]
  private let precisions: [SIMD2<Double>]
  /// What does not depend on x: −½ Σ_j g_j − log 2π + log p(z) + log h, h the nodes' distance.
  private let constants: [Double]

  init(_ decoder: DenseNetwork<Double>, on grid: Grid, shifted: Bool = false) {
    let z = (0..<grid.count).map { grid.node($0, shifted: shifted) }
    let outputs = decoder(z, rows: grid.count)
    let rows = z.indices.map { decoded(outputs, $0) }
    self.z = z
    means = rows.map(\.lowHalf)
    precisions = rows.map { SIMD2(exp(-$0.z), exp(-$0.w)) }
    constants = zip(z, rows).map { z, row in
      -0.5 * row.highHalf.sum() - logTwoPi + Normal.standard.logDensity(z) + log(grid.spacing)
    }
  }

  /// log [h p_θ(x, z_k)] for each k: the logarithms of the terms of p_θ(x) = ∫ p_θ(x, z) dz.
  func logJoint(_ x: SIMD2<Double>) -> [Double] {
    z.indices.map { k in
      let error = x - means[k]
      return constants[k] - 0.5 * (error * error * precisions[k]).sum()
    }
  }
}

/// Row k of a decoder's outputs: (m₁, m₂, g₁, g₂).
func decoded(_ outputs: [Double], _ k: Int) -> SIMD4<Double> {
  SIMD4(outputs[4 * k], outputs[4 * k + 1], outputs[4 * k + 2], outputs[4 * k + 3])
}
