import Testing
import TinyNumerics

@testable import chapter7

/// Golden values: NumPy, over all 1,024 images, in double precision.
@Suite("eq. 7.1, 7.2, 7.4: autoregressive chains")
struct ChainTests {
  private let chain = PixelChain.tenPixels
  private var backwards: [Double] { readBackwards(chain.table, pixels: 10) }

  @Test("eq. 7.1: means of pixels and entropy, golden")
  func golden() {
    #expect(agrees(chain.mean(ofPixel: 4), 0.492651844199, digits: 12))
    #expect(agrees(chain.mean(ofPixel: 9), 0.536417223821, digits: 12))
    #expect(agrees(chain.entropy, 5.0208720697, digits: 10))
    #expect(agrees(Chapter7.pixelMean(4, in: chain.table), 0.492651844199, digits: 12))
  }

  @Test("eq. 7.2: D(r‖p) and its ten terms, golden")
  func terms() {
    let golden = [
      0.01903388, 0.00168719, 0.06664897, 0.6433727, 0.1552816, 0.25232766, 0.89706546, 0.4946027,
      0.25025911, 0.57617568,
    ]
    for terms in [
      chainTerms(backwards, relativeTo: chain),
      chainTermsByDifferences(backwards, relativeTo: chain),
    ] {
      #expect(terms.count == 10)
      for (term, golden) in zip(terms, golden) { #expect(agrees(term, golden, digits: 8)) }
      #expect(agrees(terms.reduce(0, +), 3.35645496738, digits: 11))
    }
    #expect(chainTerms(chain.table, relativeTo: chain).allSatisfy { abs($0) < 1e-14 })
  }

  @Test("images and their numbers, first pixel highest; backwards twice is forwards")
  func images() {
    #expect(allImages(pixels: 0) == [[]])
    #expect(
      allImages(pixels: 2) == [[false, false], [false, true], [true, false], [true, true]])
    #expect(allImages(pixels: 5).enumerated().allSatisfy { $0 == number(of: $1) })
    let table = chain.table
    #expect(readBackwards(readBackwards(table, pixels: 10), pixels: 10) == table)
    #expect(readBackwards(table, pixels: 10)[1] == table[512])
  }

  @Test("eq. 7.1: a logit reads only the pixels before it")
  func order() {
    var generator = Threefry(seed: 3)
    let other = PixelChain(pixels: 8, using: &generator)
    for x in allImages(pixels: 8).prefix(64) {
      for j in 0..<8 {
        for k in j..<8 {
          var flipped = x
          flipped[k].toggle()
          #expect(other.logit(j, given: x) == other.logit(j, given: flipped))
        }
      }
    }
  }

  @Test("beginnings add up what comes later")
  func beginningsOfTables() {
    #expect(beginnings(of: [1, 2, 3, 4], length: 1) == [3, 7])
    #expect(beginnings(of: [1, 2, 3, 4], length: 0) == [10])
    #expect(beginnings(of: [1, 2, 3, 4], length: 2) == [1, 2, 3, 4])
  }

  @Test("eq. 7.4: draws have the table's frequencies, by χ²")
  func draws() {
    var generator = Threefry(seed: 5)
    let small = PixelChain(pixels: 4, using: &generator)
    var counts = [Int](repeating: 0, count: 16)
    for _ in 0..<20_000 { counts[number(of: small.sample(using: &generator))] += 1 }
    let fit = GoodnessOfFit.chiSquare(counts: counts, under: Discrete(weights: small.table))
    #expect(fit.z > -4)
  }
}

@Suite("eq. 7.2: logistic regression by Newton's method")
struct LogisticRegressionTests {
  @Test("one feature by hand: four rows, the odds of a 2 × 2 table")
  func twoByTwo() {
    // label 1 three of four times at x = 1, one of four at x = 0: odds 3 and 1/3
    let rows = [(1.0, true, 3.0), (1, false, 1), (0, true, 1), (0, false, 3)].map {
      LogisticRegression.Row(features: [$0.0], label: $0.1, weight: $0.2)
    }
    let fit = LogisticRegression(rows, priorPrecision: 0)
    #expect(abs(fit.intercept + log(3)) < 1e-12 && abs(fit.slopes[0] - 2 * log(3)) < 1e-12)
    #expect(fit.gradientNorm < 1e-11 && fit.error < 1e-11 && fit.steps <= 8)
    #expect(abs(fit.logit([1]) - log(3)) < 1e-12)
  }

  @Test("the prior pulls the weights in, and gives separable rows a maximum")
  func prior() {
    let rows = [(1.0, true), (-1, false), (2, true), (-0.5, false)].map {
      LogisticRegression.Row(features: [$0.0], label: $0.1, weight: 1)
    }
    let loose = LogisticRegression(rows, priorPrecision: 0.1)
    let tight = LogisticRegression(rows, priorPrecision: 10)
    #expect(loose.error < 1e-9 && tight.error < 1e-9)
    #expect(loose.slopes[0] > 3 * tight.slopes[0] && tight.slopes[0] > 0)
    let none = LogisticRegression(rows, priorPrecision: 0)
    #expect(none.slopes[0] > 20)
  }

  @Test("any binary rows: images of 64 pixels, some of them constant")
  func binaryRows() {
    var generator = Threefry(seed: 9)
    let images = (0..<300).map { _ in
      (0..<64).map { j in j % 13 == 0 ? false : generator.uniform() < 0.3 }
    }
    let (chain, regressions) = fittedChain(to: images, priorPrecision: 1)
    #expect(chain.count == 64 && regressions.allSatisfy { $0.error < 1e-7 && $0.steps <= 12 })
    // constant pixels rest where the prior holds them
    #expect(chain.intercepts[0] < -3 && chain.intercepts[0] > -6)
    // training likelihood beats independent pixels with the same prior
    let score = mean(images.map(chain.logProbability))
    #expect(score > -45 && score < -20)
  }
}
