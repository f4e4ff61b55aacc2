import Foundation
import ImageModels
import TinyNetworks
import TinyNumerics
import ToyModels

/// Post B's VAE for a plane (eq. 6.6): z ~ N(0, 1) and
///   x | z ~ N(f_θ(z), diag exp g_θ(z)),
/// f_θ and g_θ two tanh networks 1–h–2 of their own, and an encoder for the guide
/// q_φ(z|x) = N(m, s²), x ↦ (m, log s²). The prior is all that it shares with the model it is to
/// recover.
struct RibbonVAE {
  /// f_θ: the mean of x.
  var mean: DenseNetwork<Double>
  /// g_θ: the logarithm of its variance.
  var logVariance: DenseNetwork<Double>
  var guide: DenseNetwork<Double>

  /// Fresh networks with random weights. Those of f_θ's first layer are twice as steep as usual, so
  /// that the curves that several starts begin with differ.
  init(hidden: Int = 8, guideHidden: Int = 16, using generator: inout some RandomNumberGenerator) {
    func network(_ widths: [Int]) -> DenseNetwork<Double> {
      DenseNetwork(widths: widths, activation: .tanh, using: &generator)
    }
    mean = network([1, hidden, 2])
    for i in 0..<2 * hidden { mean.parameters[i] *= 2 }
    logVariance = network([1, hidden, 2])
    guide = network([2, guideHidden, guideHidden, 2])
  }

  /// f_θ and g_θ those of the model; the guide is fresh.
  init(copying model: NeuralModel, using generator: inout some RandomNumberGenerator) {
    self.init(hidden: 4, using: &generator)
    theta = parameters(of: model.meanNetwork) + parameters(of: model.logVarianceNetwork)
  }

  /// θ: the parameters of f_θ, then those of g_θ.
  var theta: [Double] {
    get { mean.parameters + logVariance.parameters }
    set {
      mean.parameters = Array(newValue.prefix(mean.parameterCount))
      logVariance.parameters = Array(newValue.dropFirst(mean.parameterCount))
    }
  }

  /// p_θ(x, z), tabulated.
  var joint: RibbonJoint {
    func pairs(_ network: DenseNetwork<Double>) -> [SIMD2<Double>] {
      network(Rows(RibbonJoint.z, width: 1)).map { SIMD2($0[$0.startIndex], $0[$0.startIndex + 1]) }
    }
    return RibbonJoint(means: pairs(mean), logVariances: pairs(logVariance))
  }
}

/// Laid out as a `DenseNetwork` 1–4–2: a, c, then V with one row a hidden unit, then d.
func parameters(of network: TanhNetwork) -> [Double] {
  let units = 0..<4
  let inner = units.map { network.inner[$0] } + units.map { network.innerBias[$0] }
  let outer = units.flatMap { [network.first[$0], network.second[$0]] }
  return inner + outer + [network.bias.x, network.bias.y]
}
