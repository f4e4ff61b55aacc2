/// The Gaussian N(µ, diag σ²) of several independent coordinates.
public struct DiagonalGaussian: Sendable, Equatable {
  /// µ and σ, one entry a dimension.
  public let mean: [Double]
  public let standardDeviation: [Double]

  /// - Requires: as many standard deviations as means, all finite and positive.
  public init(mean: [Double], standardDeviation: [Double]) {
    require(mean.count == standardDeviation.count, "one standard deviation for each mean")
    require(
      mean.allSatisfy { $0.isFinite } && standardDeviation.allSatisfy { $0 > 0 && $0.isFinite },
      "a Gaussian needs finite means and positive standard deviations")
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// From log σ², which is what an encoder network puts out: σ = exp(½ log σ²).
  public init(mean: [Double], logVariance: [Double]) {
    self.init(mean: mean, standardDeviation: logVariance.map { exp(0.5 * $0) })
  }

  /// N(0, I), the prior of every VAE here.
  public static func standard(dimension: Int) -> DiagonalGaussian {
    DiagonalGaussian(
      mean: Array(repeating: 0, count: dimension),
      standardDeviation: Array(repeating: 1, count: dimension))
  }

  public var dimension: Int { mean.count }

  /// The d-th coordinate's own distribution.
  public subscript(_ d: Int) -> Normal {
    Normal(mean: mean[d], standardDeviation: standardDeviation[d])
  }

  /// Σ_d log N(x_d; µ_d, σ_d²).
  public func logDensity(_ x: [Double]) -> Double {
    require(x.count == dimension, "a point of the Gaussian's own dimension")
    return sumOverDimensions { self[$0].logDensity(x[$0]) }
  }

  public func sample(using generator: inout some RandomNumberGenerator) -> [Double] {
    (0..<dimension).map { self[$0].sample(using: &generator) }
  }

  /// Σ_d ½ log(2πe σ_d²), in nats.
  public var entropy: Double { sumOverDimensions { self[$0].entropy } }

  private func sumOverDimensions(_ term: (Int) -> Double) -> Double {
    (0..<dimension).reduce(0) { $0 + term($1) }
  }
}

/// Eq. 1.8 for diagonal covariances, in nats, exact: the divergences of the coordinates add up
/// (eq. 1.5). Relative to N(0, I) this is the VAE's regulariser, eq. 1.9.
public func klDivergence(_ q: DiagonalGaussian, relativeTo p: DiagonalGaussian) -> Double {
  require(q.dimension == p.dimension, "two Gaussians of one dimension")
  return (0..<q.dimension).reduce(0) { $0 + klDivergence(q[$1], relativeTo: p[$1]) }
}
