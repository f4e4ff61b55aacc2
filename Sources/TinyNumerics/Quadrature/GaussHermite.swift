/// Gauss–Hermite quadrature for expectations under a normal distribution:
/// E[f(z)] ≈ Σᵢ wᵢ f(zᵢ) for z ~ N(0, 1), exact when f is a polynomial of degree below 2n.
///
/// The nodes are the zeros of the Hermite polynomial Heₙ (the probabilists' one, orthogonal under
/// N(0, 1)), and wᵢ = 1 / Σ_{k<n} hₖ(zᵢ)² with hₖ = Heₖ/√k!: the weights of any Gauss rule written
/// in its orthonormal polynomials (Golub and Welsch, Mathematics of Computation 23, 1969).
public struct GaussHermite: Sendable {
  public let nodes: [Double]
  public let weights: [Double]

  /// - Requires: 1 to 256 nodes. (Near 370 the outermost weights fall under the smallest `Double`.)
  public init(nodes count: Int) {
    require((1...256).contains(count), "Gauss–Hermite quadrature with 1 to 256 nodes")
    nodes = (0..<count).map { GaussHermite.zero(of: count, above: $0) }
    weights = nodes.map { z in
      1 / GaussHermite.orthonormal(upTo: count - 1, at: z).reduce(0) { $0 + $1 * $1 }
    }
  }

  /// E[f(z)] for z ~ `normal`: the nodes are moved to µ + σ zᵢ.
  @inlinable
  public func expectation(under normal: Normal = .standard, of f: (Double) -> Double) -> Double {
    var sum = 0.0
    for (node, weight) in zip(nodes, weights) {
      sum += weight * f(normal.mean + normal.standardDeviation * node)
    }
    return sum
  }

  /// E[f(z₁, z₂)] for two independent normals: a product of two rules.
  @inlinable
  public func expectation(
    under first: Normal, _ second: Normal, of f: (Double, Double) -> Double
  ) -> Double {
    expectation(under: first) { z1 in
      expectation(under: second) { z2 in f(z1, z2) }
    }
  }

  /// h₀(z), …, hₙ(z), by hₖ₊₁ = (z hₖ − √k hₖ₋₁) / √(k+1).
  private static func orthonormal(upTo n: Int, at z: Double) -> [Double] {
    var h = [1.0]
    for k in 0..<n {
      let previous = k == 0 ? 0 : Double(k).squareRoot() * h[k - 1]
      h.append((z * h[k] - previous) / Double(k + 1).squareRoot())
    }
    return h
  }

  /// The zero of hₙ that has `lower` zeros below it, by halving an interval around all of them
  /// until no `Double` is left inside.
  private static func zero(of n: Int, above lower: Int) -> Double {
    let edge = 2 * Double(n).squareRoot() + 1  // every zero is below √(4n + 2)
    var (low, high) = (-edge, edge)
    while true {
      let middle = low + (high - low) / 2
      guard low < middle, middle < high else { return middle }
      if zeros(of: n, below: middle) > lower { high = middle } else { low = middle }
    }
  }

  /// Sturm: hₙ has as many zeros below z as neighbours in h₀(z), …, hₙ(z) agree in sign.
  private static func zeros(of n: Int, below z: Double) -> Int {
    let h = orthonormal(upTo: n, at: z)
    return zip(h, h.dropFirst()).count { ($0 > 0) == ($1 > 0) }
  }
}
