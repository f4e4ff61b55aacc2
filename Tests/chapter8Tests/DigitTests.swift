import Foundation
import ImageModels
import Notebook
import Testing
import TinyNetworks
import TinyNumerics

@testable import chapter8

@Suite("eqs. 8.9 to 8.12: digits")
struct DigitTests {
  /// NumPy: the pixels' means of the first 1,500 images, and Gauss–Hermite over the noise.
  @Test(
    "eq. 8.9: independent pixels, golden",
    arguments: [(10, 27.9880113419), (100, 24.8761192376), (1000, 24.6117259680)])
  func pixels(steps: Int, golden: Double) throws {
    let digits = try BinaryDigits()
    let pixels = digits.pixelMeans
    #expect(agrees(mean(digits.heldOut.map(pixels.logProbability)), -24.5812551286, digits: 12))
    let bound = pixels.bound(.pixels(steps: steps), of: digits.heldOut)
    #expect(agrees(bound.total, golden, digits: 11))
    #expect(agrees(bound.prior, 0.0031998400, digits: 8))
  }

  @Test("eq. 8.9: pixels that are certain are drawn so, and others as their matrices say")
  func sampler() {
    var generator = Threefry(seed: 2)
    let schedule = Schedule.pixels(steps: 5)
    let certain = IndependentPixels(probabilities: [1, 0])
    let drawn = schedule.sample(50, width: 2, using: &generator) {
      certain.logOdds($0, $1, schedule)
    }
    #expect(drawn.allSatisfy { Array($0) == [1, 0] })
    #expect(abs(schedule.probability(of: Pixel(probability: 0.5)) - 0.5) < 1e-9)
    let share = Schedule.pixels(steps: 40).probability(of: Pixel(probability: 0.2))
    #expect(abs(share - 0.2) < 0.01)
  }

  private func someDigits() throws -> Rows<Double> {
    signs(try BinaryDigits().training.rows(0..<200))
  }

  @Test("eq. 8.10: two epochs lower the bound, and the same seed trains the same network")
  func training() throws {
    let images = try someDigits()
    let schedule = Schedule.pixels(steps: 10)
    func score(_ epochs: Int) throws -> (Denoiser, Double) {
      let denoiser = try Denoiser.trained(
        .data, on: images, hidden: [16], epochs: epochs, seed: 3)
      let score = schedule.score(images, draws: 2, seed: 1, row: 10, part: 5) {
        denoiser.logOdds($0, $1, schedule)
      }
      return (denoiser, score.mean)
    }
    let (first, again, longer) = (try score(1), try score(1), try score(30))
    #expect(first.0.network.parameters == again.0.network.parameters)
    #expect(longer.1 < first.1 - 1)
  }

  @Test("eq. 8.10: training ends where it is told to, and when its loss is no number")
  func ends() throws {
    let images = try someDigits()
    var steps = 0
    _ = try Denoiser.trained(.noise, on: images, hidden: [4], epochs: 5, seed: 1) {
      steps += 1
      return steps < 3
    }
    #expect(steps == 3)
    #expect(throws: Failure.self) {
      try Denoiser.trained(
        .noise, on: images, hidden: [4], learningRate: 1e30, epochs: 5, seed: 1)
    }
  }

  @Test("eq. 8.10: w and x_t are one thing in two units")
  func units() {
    var generator = Threefry(seed: 1)
    let network = DenseNetwork<Double>(
      Denoiser.untrained(width: 3, hidden: [4], using: &generator))
    let denoiser = Denoiser(network: network, prediction: .data)
    let (schedule, t) = (Schedule.pixels(steps: 7), 4)
    let noisy = [0.3, -1.2, 0.8]
    let root = schedule.signalToNoise(t).squareRoot()
    let w = Rows(noisy.map { $0 * (1 + root * root).squareRoot() }, width: 3)
    for (a, b) in zip(denoiser.logOdds(noisy, t, schedule), denoiser.logOdds(w, root: root)) {
      #expect(abs(a - b) < 1e-13)
    }
    let inputs = Denoiser.inputs(w, roots: [root])
    #expect(zip(inputs.numbers, noisy).allSatisfy { abs($0 - $1) < 1e-14 })
    #expect(Denoiser.features(0).allSatisfy { $0.isFinite })
  }

  @Test("eq. 8.12: the flow of a fair pixel keeps 0 at 0 and the order of points")
  func flow() {
    let fair = PixelFlow { w, root in w.numbers.map { 2 * root * $0 } }
    let codes = fair.carry(Rows([0, 0.5, 2], width: 1), from: 2, to: 0.01, steps: 60).numbers
    #expect(codes[0] == 0 && codes[0] < codes[1] && codes[1] < codes[2])
    let pixel = Pixel(probability: 0.5)
    let shares = (pixel.share(below: 2, root: 2), pixel.share(below: codes[2], root: 0.01))
    #expect(abs(shares.0 - shares.1) < 1e-5)
  }

  @Test("eq. 8.12: a great circle starts, ends and keeps its length")
  func arc() {
    let (a, b) = ([3.0, 0, 4], [0.0, 5, 0])
    let path = FlowCodes.arc(from: a[...], to: b[...], steps: 5)
    #expect(zip(path[0], a).allSatisfy { abs($0 - $1) < 1e-14 })
    #expect(zip(path[4], b).allSatisfy { abs($0 - $1) < 1e-14 })
    for point in path {
      #expect(abs(point.reduce(0) { $0 + $1 * $1 } - 25) < 1e-12)
    }
  }

  @Test("eq. 8.T: a network that predicts no noise misses all of it")
  func simpleLoss() {
    var generator = Threefry(seed: 1)
    var network = DenseNetwork<Double>(
      Denoiser.untrained(width: 8, hidden: [4], using: &generator))
    for i in network.parameters.indices { network.parameters[i] = 0 }
    let score = SimpleLossScore(
      Denoiser(network: network, prediction: .noise), .pixels(steps: 12),
      images: Rows(Array(repeating: 1, count: 8 * 400), width: 8), using: &generator)
    let simple = Estimate(score.simple)
    #expect(abs(simple.mean - 8) < 5 * simple.standardError)
    let weights = (2...12).reduce(0) { $0 + Schedule.pixels(steps: 12).noiseWeight($1) }
    let steps = Estimate(score.steps)
    #expect(abs(steps.mean - 8 * weights) < 5 * steps.standardError)
  }
}
