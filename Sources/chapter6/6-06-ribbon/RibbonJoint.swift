import TinyNetworks
import TinyNumerics
import ToyModels

/// A model of the plane with one latent, tabulated at equally spaced z over |z| ≤ 8, where all but
/// 1e-15 of the prior lies: p(x) = Σ_k h p(x|z_k) p(z_k).
struct RibbonJoint {
  let means: [SIMD2<Double>]
  let logVariances: [SIMD2<Double>]
  private let precisions: [SIMD2<Double>]
  /// What does not depend on x: log h + log p(z) − ½ Σ_j g_j − log 2π.
  private let constants: [Double]

  /// A spacing of 0.04.
  static let grid = Grid(over: -8...8, count: 400)
  static let z = (0..<grid.count).map { grid.node($0) }

  /// f and g at the nodes.
  init(means: [SIMD2<Double>], logVariances: [SIMD2<Double>]) {
    self.means = means
    self.logVariances = logVariances
    precisions = logVariances.map { SIMD2(exp(-$0.x), exp(-$0.y)) }
    constants = zip(RibbonJoint.z, logVariances).map { z, logVariance in
      log(RibbonJoint.grid.spacing) + Normal.standard.logDensity(z) - 0.5 * logVariance.sum()
        - logTwoPi
    }
  }

  init(_ model: NeuralModel) {
    self.init(
      means: RibbonJoint.z.map { model.decode($0).mean },
      logVariances: RibbonJoint.z.map { model.decode($0).logVariance })
  }

  /// The same p(x), with z turned round: p(z) is even, so that −z serves as well.
  var mirrored: RibbonJoint {
    RibbonJoint(means: means.reversed(), logVariances: logVariances.reversed())
  }

  /// log [h p(x, z_k)] for each k.
  func logTerms(_ x: SIMD2<Double>) -> [Double] {
    means.indices.map { k in
      let error = x - means[k]
      return constants[k] - 0.5 * (error * error * precisions[k]).sum()
    }
  }

  /// log p(x), in nats.
  func logEvidence(_ x: SIMD2<Double>) -> Double { logSumExp(logTerms(x)) }

  /// The density p(z_k|x) at each node.
  func posterior(given x: SIMD2<Double>) -> [Double] {
    let terms = logTerms(x)
    let normaliser = logSumExp(terms) + log(RibbonJoint.grid.spacing)
    return terms.map { exp($0 - normaliser) }
  }
}
