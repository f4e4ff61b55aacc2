import Foundation
import ImageModels
import Testing
import TinyNetworks
import TinyNumerics

@testable import chapter6

@Suite("eq. 6.8: the latent plane")
struct LatentPlaneTests {
  @Test("manifold and walks")
  func places() {
    var generator = Threefry(seed: 1)
    let encoding = PixelEncoding(.bernoulli, brightest: 16)
    let plane = LatentPlane(
      model: VariationalAutoencoder<Double>(
        dataWidth: 6, hidden: [3], latentDimension: 2, activation: .tanh,
        likelihood: encoding.likelihood, using: &generator), encoding: encoding)
    let manifold = plane.manifold(across: 3, down: 2)
    #expect(manifold.count == 6)
    // Thirds of the normal: its middle slice is centred on 0, the outer ones on Φ⁻¹(1/6), Φ⁻¹(5/6).
    #expect(abs(manifold[0][0] + 0.967421566101701) < 1e-12 && abs(manifold[1][0]) < 1e-15)
    #expect(manifold[0][1] > 0 && manifold[3][1] < 0, "the second coordinate falls down the page")
    let walk = plane.walk(from: [0, 1], to: [2, -1], steps: 5)
    #expect(walk[0] == [0, 1] && walk[2] == [1, 0] && walk[4] == [2, -1])
    let images = plane.decoded(manifold)
    #expect(images.count == 6 && images.allSatisfy { $0.count == 6 })
    #expect(images.joined().allSatisfy { $0 > 0 && $0 < 1 })
  }
}

@Suite("small pictures")
struct SmallPictureTests {
  @Test("a large picture is averaged block by block")
  func shrinking() {
    let picture = (0..<32 * 32).map { $0 % 32 < 16 ? 1.0 : 0 }
    let small = shrunk(picture, rows: 32, columns: 32, by: 2)
    #expect(small.columns == 16 && small.pixels.count == 256)
    #expect(small.pixels[7] == 1 && small.pixels[8] == 0)
    #expect(shrunk([0.5, 1], rows: 1, columns: 2, by: 1).pixels == [0.5, 1])
  }

  @Test("what is left at the edges is averaged too, and no picture is empty")
  func edges() {
    // 2 × 5 in blocks of 3: one row, and a column of three and one of two.
    let (pixels, columns) = shrunk([1, 1, 1, 0, 0, 1, 1, 1, 0, 1], rows: 2, columns: 5, by: 3)
    #expect(columns == 2 && pixels == [1, 0.25])
  }
}
