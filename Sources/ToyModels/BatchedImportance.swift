import TinyNetworks
import TinyNumerics

extension LinearGaussianModel {
  /// log w = log p(x, z) − log q(z) of many draws z ~ q, eight side by side.
  ///
  /// With z = µ + Lε (q's mean and Cholesky factor), K K ᵀ = Σ and r = K⁻¹(x − b − Wz),
  ///   log w = −½ ‖r‖² − ½ ‖z‖² + ½ ‖ε‖² + log |L| − log |K| − (J/2) log 2π,
  /// where r and z are affine in ε: two small matrices, multiplied out once.
  ///
  /// The normals are in single precision (`Threefry.fillNormals`); everything else is in double, so
  /// each log w is exact for the z that was drawn.
  public func logImportanceWeights(
    of x: [Double], from q: Gaussian, draws: Int, using generator: inout Threefry
  ) -> [Double] {
    let factor = q.cholesky.factor
    let residualAtMean = noise.cholesky.whiten(
      zip(zip(x, offset).map(-), weights * q.mean).map(-))
    let residualSlope = -1 * noise.cholesky.whiten(weights * factor)
    let rows =
      (0..<dataDimension).map { AffineRow(residualSlope.row($0), residualAtMean[$0]) }
      + (0..<latentDimension).map { AffineRow(factor.row($0), q.mean[$0]) }
    let constant =
      0.5 * (q.cholesky.logDeterminant - noise.cholesky.logDeterminant)
      - 0.5 * Double(dataDimension) * logTwoPi
    return AffineRow.logWeights(
      rows, dimension: latentDimension, constant: constant, draws: draws, using: &generator)
  }
}

/// One entry of r or z as a function of ε: intercept + Σ_d slope_d ε_d.
private struct AffineRow {
  let slope: [Double]
  let intercept: Double

  init(_ slope: [Double], _ intercept: Double) {
    self.slope = slope
    self.intercept = intercept
  }

  /// constant + ½ ‖ε‖² − ½ Σ_rows (row of ε)², for each draw of ε.
  static func logWeights(
    _ rows: [AffineRow], dimension: Int, constant: Double, draws: Int,
    using generator: inout Threefry
  ) -> [Double] {
    // Blocks that stay in cache: of each block, first the draws of ε₁, then those of ε₂, …
    let block = 1024
    var normals = [Float](repeating: 0, count: block * dimension)
    var result = [Double](repeating: 0, count: draws)
    let coefficients = rows.map(\.slope).joined().map { SIMD8(repeating: $0) }
    let intercepts = rows.map { SIMD8(repeating: $0.intercept) }
    for start in stride(from: 0, to: draws, by: block) {
      normals.withUnsafeMutableBufferPointer { generator.fillNormals($0) }
      for i in stride(from: 0, to: min(block, draws - start), by: 8) {
        var logWeight = SIMD8(repeating: constant)
        for d in 0..<dimension {
          let epsilon = widened(normals, at: d * block + i)
          logWeight += 0.5 * epsilon * epsilon
        }
        for r in rows.indices {
          var value = intercepts[r]
          for d in 0..<dimension {
            value += coefficients[r * dimension + d] * widened(normals, at: d * block + i)
          }
          logWeight -= 0.5 * value * value
        }
        for lane in 0..<min(8, draws - start - i) { result[start + i + lane] = logWeight[lane] }
      }
    }
    return result
  }

  @inline(__always)
  private static func widened(_ values: [Float], at i: Int) -> SIMD8<Double> {
    SIMD8(
      Double(values[i]), Double(values[i + 1]), Double(values[i + 2]), Double(values[i + 3]),
      Double(values[i + 4]), Double(values[i + 5]), Double(values[i + 6]), Double(values[i + 7]))
  }
}
