import Foundation
import Testing
import TinyNetworks
import TinyNumerics

@testable import chapter6

@Suite("eq. 6.4: Σ_x p(x) = 1")
struct TinyVAETests {
  @Test("random models", arguments: [1, 2, 3] as [UInt64])
  func sumsToOne(seed: UInt64) {
    var generator = Threefry(seed: seed)
    let model = VariationalAutoencoder<Double>(
      dataWidth: TinyVAE.pixels, hidden: [5], latentDimension: 2, activation: .softplus,
      likelihood: .bernoulli, using: &generator)
    let tiny = TinyVAE(model)
    #expect(tiny.images.count == 512 && tiny.images.width == 9)
    let probabilities = tiny.probabilities()
    let error = probabilities.reduce(0) { $0 + $1.error } + 1e-12
    #expect(error < 1e-9)
    #expect(abs(probabilities.reduce(0) { $0 + $1.value } - 1) <= error)
    let bounds = tiny.exponentiatedELBOs()
    #expect(zip(bounds, probabilities).allSatisfy { $0.value <= $1.value })
    let total = bounds.reduce(Integral(exactly: 0), +)
    #expect(total.value < 0.99999)
    let missing = tiny.shortfall(of: probabilities)
    #expect(abs(1 - total.value - missing.value) <= error + total.error + missing.error)
  }

  @Test("it learns rows 2, 4 and 5 by columns 3, 5 and 6, and no other pixel")
  func places() {
    let image = (0..<64).map { i in
      [2, 4, 5].contains(i / 8 + 1) && [3, 5, 6].contains(i % 8 + 1) ? 1.0 : 0
    }
    let tiny = TinyVAE(trainedOn: Rows((0..<500).map { _ in image }), seed: 3)
    // All nine pixels are always on: that is the last of the 512 images.
    #expect(tiny.probabilities(cells: 32).last!.value > 0.9)
  }

  @Test("every image is listed once")
  func listing() {
    var generator = Threefry(seed: 1)
    let tiny = TinyVAE(
      VariationalAutoencoder<Double>(
        dataWidth: 9, hidden: [2], latentDimension: 2, activation: .tanh, likelihood: .bernoulli,
        using: &generator))
    #expect(Set(tiny.images.map { Array($0) }).count == 512)
    // However coarse the grid and whichever of the two sums is larger.
    #expect(tiny.probabilities(cells: 6).allSatisfy { $0.error >= 0 })
  }
}
