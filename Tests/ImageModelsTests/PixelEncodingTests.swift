import Foundation
import Testing
import TinyNumerics

@testable import ImageModels

@Suite("eq. 6.7: what a pixel is")
struct PixelEncodingTests {
  private func entries(_ encoding: PixelEncoding, _ levels: [UInt8], seed: UInt64 = 6) -> [Double] {
    var generator = Threefry(seed: seed)
    return encoding.entries([levels][...], using: &generator).numbers
  }

  @Test(
    "eq. 6.7: a bit is 1 from half of the brightest level on",
    arguments: [(0, 1), (1, 1), (2, 1), (3, 2), (15, 8), (16, 8), (17, 9), (254, 127), (255, 128)]
      as [(UInt8, UInt8)])
  func threshold(brightest: UInt8, threshold: UInt8) {
    let encoding = PixelEncoding(.bernoulli, brightest: brightest)
    #expect(encoding.threshold == threshold && encoding.likelihood == .bernoulli)
    #expect(2 * Int(threshold) >= max(Int(brightest), 1))
    #expect(entries(encoding, [0, threshold - 1, threshold]) == [0, 0, 1])
  }

  @Test("eq. 6.7: up to 17 levels stay what they are, 256 become 16")
  func levels() {
    let digits = PixelEncoding(.categorical, brightest: 16)
    #expect(digits.likelihood == .categorical(levels: 17))
    #expect(entries(digits, [0, 7, 8, 16]) == [0, 7.0 / 16, 0.5, 1])
    let bits = PixelEncoding(.categorical, brightest: 1)
    #expect(bits.likelihood == .categorical(levels: 2) && entries(bits, [0, 1]) == [0, 1])
    let black = PixelEncoding(.categorical, brightest: 0)
    #expect(black.levels == 2 && entries(black, [0]) == [0])
    for brightest: UInt8 in [17, 255] {
      let bytes = PixelEncoding(.categorical, brightest: brightest)
      #expect(bytes.likelihood == .categorical(levels: 16))
      #expect(entries(bytes, [0, 15, 16, 239, 240, 255]) == [0, 0, 1 / 15.0, 14 / 15.0, 1, 1])
    }
  }

  /// Every level has to be one that the kernels know, or its probability would be another's.
  @Test(
    "eq. 6.7: each level is one of the likelihood's", arguments: [1, 5, 16, 17, 255] as [UInt8])
  func whole(brightest: UInt8) {
    let encoding = PixelEncoding(.categorical, brightest: brightest)
    let all = Array(0...brightest)
    let places = entries(encoding, all).map { $0 * Double(encoding.levels - 1) }
    #expect(places.allSatisfy { abs($0 - $0.rounded()) < 1e-12 })
    #expect(Set(places.map { Int($0.rounded()) }) == Set(0...Int(places.last!.rounded())))
    #expect(places.last! < Double(encoding.levels) - 0.5)
    #expect(encoding.takes(brightest))
    #expect(encoding.takes(255) == (brightest > 16))
  }

  @Test("eq. 6.7: dequantised pixels fill their cells of [0, 1], evenly")
  func dequantised() {
    for (brightest, count) in [(16, 17.0), (255, 256)] as [(UInt8, Double)] {
      let encoding = PixelEncoding(.gaussian, brightest: brightest)
      #expect(encoding.likelihood == .gaussian(varianceFloor: 1e-4))
      for level in [0, 1, brightest] {
        let x = entries(encoding, Array(repeating: level, count: 2000))
        #expect(x.allSatisfy { Int($0 * count) == Int(level) && $0 < 1 })
        let rest = x.map { $0 * count - Double(level) }
        #expect(GoodnessOfFit.kolmogorovSmirnov(rest) { $0 }.pValue > 1e-4)
      }
    }
  }

  @Test("entries are the same for one seed, and other noise for another")
  func seeds() {
    let encoding = PixelEncoding(.gaussian, brightest: 16)
    let image: [UInt8] = [0, 3, 16]
    #expect(entries(encoding, image, seed: 1) == entries(encoding, image, seed: 1))
    #expect(entries(encoding, image, seed: 1) != entries(encoding, image, seed: 2))
  }

  @Test("the grey that is meant is the mean of p(x_j|z)")
  func greys() {
    let (log2, log3) = (0.69314718055994531, 1.0986122886681098)
    let bits = PixelEncoding(.bernoulli, brightest: 16).greys([0, log3, -log3])
    #expect(zip(bits, [0.5, 0.75, 0.25]).allSatisfy { abs($0 - $1) < 1e-15 })
    // Two planes: means, then log-variances that do not matter; what is beyond white is white.
    #expect(
      PixelEncoding(.gaussian, brightest: 16).greys([-1, 0.3, 2, 5, 5, 5]) == [0, 0.3, 1])
    // Two pixels of three levels: (¼, ½, ¼) and (½, ⅓, ⅙), so levels 1 and ⅔ of 2.
    let greys = PixelEncoding(.categorical, brightest: 2).greys([0, log3, log2, log2, 0, 0])
    #expect(abs(greys[0] - 0.5) < 1e-15 && abs(greys[1] - 1 / 3.0) < 1e-15)
    // One row out of many: a slice that does not start at 0.
    let rows = [9, 9, 9, 0, log3, -log3]
    #expect(PixelEncoding(.bernoulli, brightest: 16).greys(rows[3...]) == bits)
    let huge = PixelEncoding(.categorical, brightest: 2).greys([-900, 0, 900])
    #expect(huge == [1])
  }
}
