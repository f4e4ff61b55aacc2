import ImageModels
import Notebook
import TestSupport
import Testing
import TinyNetworks
import TinyNumerics

@testable import chapter7

/// Golden values: NumPy, on the fixed split of 1,500 and 297 binary digits.
@Suite("eq. 7.2, 7.3, 7.11, 7.12, 7.T: the digits")
struct DigitTests {
  private static let digits = Result { try BinaryDigits(forChoosing: false) }
  private var digits: BinaryDigits { get throws { try DigitTests.digits.get() } }

  @Test("the split, and the one that settings are chosen on")
  func split() throws {
    let (digits, choosing) = (try digits, try BinaryDigits(forChoosing: true))
    #expect(digits.training.count == 1500 && digits.heldOut.count == 297)
    #expect(choosing.training == digits.training.rows(0..<1200))
    #expect(choosing.heldOut == digits.training.rows(1200..<1500))
    #expect(choosing.heldOutLabels == Array(digits.trainingLabels[1200...]))
    #expect(Rows([[1, 0, 1.0], [0, 0, 1]]).bits == [5, 1])
  }

  @Test("eq. 7.2: 64 regressions, held out and training, golden")
  func regressions() throws {
    let digits = try digits
    func score(_ images: Rows<Double>, _ chain: PixelChain) -> Double {
      mean(images.map { image in chain.logProbability(image.map { $0 == 1 }) })
    }
    let fit = fittedChain(to: digits.training.map { $0.map { $0 == 1 } }, priorPrecision: 1)
    #expect(agrees(score(digits.heldOut, fit.chain), -18.0661472944, digits: 9))
    #expect(agrees(score(digits.training, fit.chain), -17.5336459, digits: 7))
    #expect(fit.regressions.allSatisfy { $0.steps <= 12 })
  }

  @Test("eq. 7.3: independent pixels, golden")
  func independentPixels() throws {
    let model = IndependentPixels(try digits.training)
    #expect(agrees(mean(model.logProbabilities(of: try digits.heldOut)), -24.5812551286, digits: 9))
  }

  @Test("eq. 7.3: masks: outputs do not move with the pixels from their own on; 8,384 are in use")
  func masks() {
    let mask = PixelNetwork.mask(pixels: 64, hidden: 128)
    #expect(mask.count == 16_576 && mask.reduce(0, +) == 8_384)
    let (pixels, hidden) = (5, 9)
    var generator = Threefry(seed: 4)
    var network = DenseNetwork<Double>(
      widths: [pixels, hidden, pixels], activation: .softplus, using: &generator)
    for (i, keeps) in PixelNetwork.mask(pixels: pixels, hidden: hidden).enumerated() {
      network.parameters[i] *= Double(keeps)
    }
    let model = PixelNetwork(network: network)
    let images = Rows(allImages(pixels: pixels).map { $0.map { $0 ? 1.0 : 0 } })
    let total = model.logProbabilities(of: images).reduce(0) { $0 + exp($1) }
    #expect(abs(total - 1) < 1e-12)
    for (image, logits) in zip(images, model.logits(of: images)) {
      for k in 0..<pixels {
        var flipped = Array(image)
        flipped[k] = 1 - flipped[k]
        let moved = zip(model.logits(of: Rows([flipped]))[0], logits).map { $0 != $1 }
        #expect(moved == (0..<pixels).map { $0 > k })
      }
    }
  }

  @Test("eq. 7.3: training leaves masked weights zero and raises log p")
  func training() throws {
    let images = try digits.training.rows(0..<200)
    let (model, course) = try inNotebook {
      PixelNetwork.trained(on: images, hidden: 16, epochs: 60, in: $0)
    }
    let mask = PixelNetwork.mask(pixels: 64, hidden: 16)
    #expect(zip(model.network.parameters, mask).allSatisfy { $1 == 1 || $0 == 0 })
    #expect(course.epochs == 60 && !course.hasDiverged && !course.allowsClaims)
    let scores = model.logProbabilities(of: images)
    #expect(mean(scores) > mean(IndependentPixels(images).logProbabilities(of: images)))
  }

  @Test("a loss that is no number ends a training")
  func diverging() throws {
    var losses = [1.0, 2, .nan, 4]
    let course = try inNotebook { $0.train("nothing", epochs: 4) { losses.removeFirst() } }
    #expect(course.hasDiverged && course.epochs == 3 && losses == [4])
  }

  @Test("eq. 7.11: straight through a draw: D's slope times π(1 − π)")
  func straightThrough() {
    var generator = Threefry(seed: 5)
    var judge = DenseNetwork<Double>(widths: [3, 1], activation: .tanh, using: &generator)
    judge.parameters = [0.5, -1, 2, 0.25]
    let logits = Rows([[0.3, -0.2, 1.5]])
    let (value, slopes) = generatorLoss(
      logits, below: Rows([[0.9, 0.1, 0.5]]), noise: Rows([[0.2, -0.4, 1]]), judge, over: 1)
    // x = (0, 1, 1), noise ½ε on top
    let logit = 0.5 * 0.1 - 0.8 + 2 * 1.5 + 0.25
    #expect(abs(value - softplus(-logit)) < 1e-14)
    for (slope, (weight, l)) in zip(slopes.numbers, zip([0.5, -1, 2], logits.numbers)) {
      let expected = -sigmoid(-logit) * weight * sigmoid(l) * sigmoid(-l)
      #expect(abs(slope - expected) < 1e-14)
    }
  }

  @Test("eq. 7.11: a GAN moves, its average behind it; the same seed makes the same GAN")
  func gan() throws {
    let images = try digits.training.single.rows(0..<50)
    func trained(_ seed: UInt64) -> GAN {
      var gan = GAN(pixels: 64, latent: 2, hidden: 8, seed: seed)
      for _ in 0..<5 { _ = gan.step(images) }
      return gan
    }
    let start = GAN(pixels: 64, latent: 2, hidden: 8, seed: 1)
    let (gan, again, other) = (trained(1), trained(1), trained(2))
    #expect(start.averaged.parameters == start.generator.network.parameters)
    #expect(gan.isFinite && gan.averaged.parameters != gan.generator.network.parameters)
    let same = gan.averaged.parameters == again.averaged.parameters
    let differs = gan.averaged.parameters != other.averaged.parameters
    #expect(same && differs)
  }

  @Test("eq. 7.11: the nearest training image shows a held-out image's digit in 271 of 297, golden")
  func nearest() throws {
    let digits = try digits
    let nearest = NearestImage(images: digits.training.bits, labels: digits.trainingLabels)
    let right = zip(digits.heldOut.bits, digits.heldOutLabels).count { nearest.label(of: $0) == $1 }
    #expect(right == 271)
    #expect(abs(nearest.shares(of: nearest.images).reduce(0, +) - 1) < 1e-12)
  }

  @Test("eq. 7.12: a network tells ink from paper, and nothing from the same")
  func telling() {
    let coins = coinImages(200, pixels: 16, seed: 1)
    let others = coinImages(200, pixels: 16, seed: 2)
    let dark = Rows([Double](repeating: 0, count: 200 * 16), width: 16)
    let sure = SampleTest(real: coins, samples: dark, steps: 60, seed: 1, part: 0)
    let unsure = SampleTest(real: coins, samples: others, steps: 5, seed: 1, part: 0)
    #expect(sure.accuracy.mean > 0.95 && sure.crossEntropy.mean < 0.3)
    #expect(abs(unsure.accuracy.mean - 0.5) < 5 * unsure.accuracy.standardError)
    #expect(sure.accuracy.count == 200)
  }

  @Test("eq. 7.T: the memoriser: 13 copies, and with flipped pixels, golden")
  func memoriser() throws {
    let digits = try digits
    let memory = ImageMemory(images: digits.training.bits, pixels: 64)
    func score(_ epsilon: Double) -> Double {
      mean(digits.heldOut.bits.map { memory.logProbability($0, flips: epsilon) })
    }
    #expect(digits.heldOut.bits.count(where: Set(memory.images).contains) == 13)
    #expect(agrees(score(0.05), -20.1372172114, digits: 9))
    #expect(agrees(score(0.06), -20.1258057908, digits: 9))
    let best = memory.bestFlips(turns: 100)
    #expect(agrees(best, 0.0508253, digits: 7))
    #expect(agrees(score(best), -20.1314779, digits: 5))
  }
}
