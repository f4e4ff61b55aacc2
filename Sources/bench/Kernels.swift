import Foundation
import TinyNetworks
import TinyNumerics
import ToyModels

/// The three products of a 784 → 400 layer with a batch of 256, on one core and on two.
let productWorkloads: [Workload] =
  [("AB", false, false), ("AtB", true, false), ("ABt", false, true)].flatMap { name, a, b in
    [1, 2].map { cores in
      let suffix = cores == 1 ? "" : "-2"
      return product("\(name)\(suffix)", transposing: a, b, cores: cores)
    }
  } + [fusedMultiplyAdds]

private func product(
  _ name: String, transposing aTransposed: Bool, _ bTransposed: Bool, cores: Int
) -> Workload {
  Workload(name: name, unit: "GFLOP/s") {
    let (rows, depth, columns) =
      aTransposed ? (784, 256, 400) : bTransposed ? (256, 400, 784) : (256, 784, 400)
    var generator = Threefry(seed: 2)
    let a = (0..<rows * depth).map { _ in Float(generator.normal()) }
    let b = (0..<depth * columns).map { _ in Float(generator.normal()) }
    nonisolated(unsafe) let outputs = UnsafeMutablePointer<[Float]>.allocate(capacity: cores)
    for core in 0..<cores {
      (outputs + core).initialize(to: [Float](repeating: 0, count: rows * columns))
    }
    let times = 20
    return {
      DispatchQueue.concurrentPerform(iterations: cores) { core in
        for _ in 0..<times {
          matrixProduct(
            a, transposed: aTransposed, b, transposed: bTransposed, rows: rows, depth: depth,
            columns: columns, into: &outputs[core])
        }
      }
      return 2e-9 * Double(rows * depth * columns * times * cores)
    }
  }
}

/// Nothing but fused multiply-adds in registers: what one core can do at most.
private let fusedMultiplyAdds = Workload(name: "FMA-limit", unit: "GFLOP/s") {
  {
    let count = 4_000_000
    let sum = multiplyAdds(count)
    return sum.isNaN ? 0 : 2e-9 * Double(count * 12 * 8)
  }
}

@inline(never)
private func multiplyAdds(_ count: Int) -> Float {
  withUnsafeTemporaryAllocation(of: SIMD8<Float>.self, capacity: 12) { sums in
    for i in 0..<12 { sums[i] = SIMD8(repeating: Float(i)) }
    let (x, y) = (SIMD8<Float>(repeating: 0.999), SIMD8<Float>(repeating: 0.001))
    for _ in 0..<count {
      for i in 0..<12 { sums[i] = y.addingProduct(sums[i], x) }
    }
    return sums.reduce(0) { $0 + $1.sum() }
  }
}

/// Standard normals in single precision on one thread.
let normals = Workload(name: "normals", unit: "million normals a second") {
  var generator = Threefry(seed: 3)
  var buffer = [Float](repeating: 0, count: 1 << 16)
  return {
    for _ in 0..<32 { buffer.withUnsafeMutableBufferPointer { generator.fillNormals($0) } }
    return 32 * Double(buffer.count) * 1e-6
  }
}

/// The evidence of one x of the linear-Gaussian model with two latents, from a guide with twice the
/// posterior's covariance, as chapters 2 and 3 run it: draws, weights and their mean, on one
/// thread.
let importanceSampling = Workload(name: "importance", unit: "million evaluations a second") {
  let model = LinearGaussianModel.plane
  let x = [1.0, 0.5, -0.3]
  let posterior = model.posterior(given: x)
  let guide = Gaussian(mean: posterior.mean, covariance: 2 * posterior.covariance)
  var generator = Threefry(seed: 4)
  let draws = 1 << 17
  return {
    let weights = model.importanceWeights(of: x, from: guide, draws: draws, using: &generator)
    return weights.logMean.isNaN ? 0 : Double(draws) * 1e-6
  }
}
