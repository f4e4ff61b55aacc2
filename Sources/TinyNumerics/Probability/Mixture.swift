/// A mixture of normal distributions of one real variable: Σₖ πₖ N(µₖ, σₖ²).
public struct Mixture: Sendable, Equatable {
  public let weights: [Double]
  public let components: [Normal]
  @usableFromInline let logWeights: [Double]

  /// - Requires: one weight for each component; the weights as for ``Discrete``: none negative,
  ///   with
  ///   sum 1.
  public init(weights: [Double], components: [Normal]) {
    require(weights.count == components.count, "one weight for each component of a mixture")
    self.weights = Discrete(probabilities: weights).probabilities
    self.components = components
    logWeights = weights.map { log($0) }
  }

  /// log Σₖ πₖ N(x; µₖ, σₖ²), finite however far x is from every component.
  @inlinable
  public func logDensity(_ x: Double) -> Double {
    var sum = LogSum()
    for k in components.indices { sum.add(logWeights[k] + components[k].logDensity(x)) }
    return sum.value
  }

  @inlinable
  public func density(_ x: Double) -> Double { exp(logDensity(x)) }

  /// First the component, then a draw from it.
  public func sample(using generator: inout some RandomNumberGenerator) -> Double {
    components[generator.categorical(weights)].sample(using: &generator)
  }

  /// Σₖ πₖ µₖ.
  public var mean: Double {
    zip(weights, components).reduce(0) { $0 + $1.0 * $1.1.mean }
  }

  /// The mean of the variances plus the variance of the means: Σₖ πₖ (σₖ² + (µₖ − µ)²).
  public var variance: Double {
    let mean = mean
    return zip(weights, components).reduce(0) { sum, part in
      let (weight, component) = part
      let shift = component.mean - mean
      return sum + weight * (component.variance + shift * shift)
    }
  }
}
