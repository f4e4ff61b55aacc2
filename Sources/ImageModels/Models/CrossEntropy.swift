import TinyNetworks
import TinyNumerics

/// −Σ log p(y|ℓ)/n over binary labels y and their logits ℓ, and its slopes (sigmoid ℓ − y)/n.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func crossEntropy<Scalar: NetworkScalar>(
  _ logits: Rows<Scalar>, _ labels: Rows<Scalar>, over n: Int
) -> (value: Double, slopes: Rows<Scalar>) {
  var (value, slopes) = (0.0, logits)
  for i in logits.numbers.indices {
    let (logit, label) = (Double(logits.numbers[i]), Double(labels.numbers[i]))
    value -= label * logit - softplus(logit)
    slopes.numbers[i] = Scalar((sigmoid(logit) - label) / Double(n))
  }
  return (value / Double(n), slopes)
}

extension DenseNetwork {
  public var isFinite: Bool { parameters.allSatisfy(\.isFinite) }
}
