import ImageModels
import Testing
import TinyNetworks
import TinyNumerics

@Suite("eq. 8.11: training images known by heart")
struct ImageMemoryTests {
  /// NumPy: the same sums over all distances, ε by a search over the leave-one-out likelihood.
  @Test("eq. 8.11: the flipped memory, golden")
  func golden() throws {
    let digits = try BinaryDigits()
    let model = ImageMemory(images: digits.training.bits, pixels: 64)
    func score(_ flips: Double) -> Double {
      mean(digits.heldOut.bits.map { model.logProbability($0, flips: flips) })
    }
    let best = model.bestFlips(turns: 60)
    #expect(abs(best - 0.0508253) < 5e-8)
    #expect(abs(score(best) - -20.1314779) < 5e-8)
    #expect(abs(score(0.05) - -20.1372172114) < 5e-11)
    #expect(abs(score(0.06) - -20.1258057908) < 5e-11)
  }

  @Test("eq. 8.11: samples differ from their images in ε of the pixels")
  func samples() {
    let model = ImageMemory(images: [0], pixels: 64)
    var generator = Threefry(seed: 4)
    let flips = Estimate(draws: 2_000) {
      Double(model.sample(flips: 0.1, using: &generator).nonzeroBitCount) / 64
    }
    #expect(abs(flips.mean - 0.1) < 5 * flips.standardError)
  }

  @Test("eq. 8.12: the nearest image, and copies among the held-out digits")
  func nearest() throws {
    let digits = try BinaryDigits()
    let training = NearestImage(images: digits.training.bits, labels: digits.trainingLabels)
    #expect(digits.heldOut.bits.count { training.images[training.index(of: $0)] == $0 } == 13)
  }
}
