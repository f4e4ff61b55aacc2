import Testing
import TinyNetworks
import TinyNumerics

@testable import ImageModels

@Suite("eq. 8.11: training images known by heart")
struct MemoriserTests {
  private func digits() throws -> (training: BitImages, heldOut: BitImages) {
    let dataset = try Dataset.digits()
    func bits(_ images: ImageSet) -> BitImages {
      BitImages(Rows(images.levels.map { $0.map { $0 >= Digits.threshold ? 1 : 0 } }))
    }
    return (bits(dataset.training), bits(dataset.heldOut))
  }

  /// NumPy: the same sums over all distances, ε by a search over the leave-one-out likelihood.
  @Test("eq. 8.11: the flipped memoriser, golden")
  func golden() throws {
    let (training, heldOut) = try digits()
    func score(_ model: Memoriser) -> Double { mean(heldOut.words.map(model.logProbability)) }
    let best = Memoriser(leavingOneOut: training)
    #expect(abs(best.flip - 0.0508253) < 5e-8)
    #expect(abs(score(best) - -20.1314779) < 5e-8)
    #expect(abs(score(Memoriser(training, flip: 0.05)) - -20.1372172114) < 5e-11)
    #expect(abs(score(Memoriser(training, flip: 0.06)) - -20.1258057908) < 5e-11)
  }

  @Test("eq. 8.11: probabilities of all images of three pixels add up to 1")
  func normalised() {
    let model = Memoriser(BitImages(Rows([[0, 1, 1], [1, 1, 1.0]])), flip: 0.2)
    let total = (0..<8).reduce(0) { $0 + exp(model.logProbability(UInt64($1))) }
    #expect(abs(total - 1) < 1e-14)
  }

  @Test("eq. 8.12: the nearest image, and copies among the held-out digits")
  func nearest() throws {
    let images = BitImages(Rows([[1, 1, 0], [0, 0, 0], [-1, -1, -1.0]]))
    #expect(images.words == [3, 0, 0])
    #expect(images.nearest(to: 4) == (1, 1))
    #expect(images.distanceCounts(to: 7) == [0, 1, 0, 2])
    let (training, heldOut) = try digits()
    #expect(heldOut.words.count { training.nearest(to: $0).distance == 0 } == 13)
  }

  @Test("eq. 8.11: samples differ from their images in ε of the pixels")
  func samples() {
    let model = Memoriser(BitImages(Rows([Array(repeating: 0, count: 64)])), flip: 0.1)
    var generator = Threefry(seed: 4)
    let flips = Estimate(draws: 2_000) {
      Double(model.sample(using: &generator).nonzeroBitCount) / 64
    }
    #expect(abs(flips.mean - 0.1) < 5 * flips.standardError)
  }
}
