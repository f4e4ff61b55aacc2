import Foundation
import Testing

@testable import Notebook
@testable import TinyNumerics

/// Over many seeds the z-scores of a Monte Carlo check are standard normal, or its standard error
/// is wrong. The tests ask 30 seeds with a fiftieth of the draws: enough to notice one standard
/// error that is wrong by a factor of two, or many by √2. `CALIBRATION_SEEDS=1000 swift test
/// --filter CalibrationTests` asks at length, with a tenth of the draws, notices 15%, and prints
/// what it finds.
/// `CALIBRATION_SHARE=1` takes all of the draws, `CALIBRATION_LABEL=2.4` asks one row, `2.` one
/// chapter.
struct CalibrationTests {
  static let environment = ProcessInfo.processInfo.environment
  static let seeds = environment["CALIBRATION_SEEDS"].flatMap(Int.init)
  static let share =
    environment["CALIBRATION_SHARE"].flatMap(Double.init) ?? (seeds == nil ? 0.02 : 0.1)
  static let label = environment["CALIBRATION_LABEL"] ?? ""

  @Test("the z-scores of every Monte Carlo check are standard normal")
  func zScoresAreStandardNormal() throws {
    let sections = try SampledSection.all().filter {
      $0.label.hasPrefix(CalibrationTests.label)
    }
    let scores = try sections.flatMap {
      try ZScores.of($0, seeds: CalibrationTests.seeds ?? 30, share: CalibrationTests.share)
    }
    if CalibrationTests.seeds != nil { print(scores.report) }
    for (check, adjusted) in zip(scores, scores.adjustedPValues) {
      #expect(
        adjusted > 1e-3,
        "eq. \(check.label) \(check.identity): mean \(check.mean), sd \(check.standardDeviation)")
      #expect(check.falseAlarms == 0)
    }
  }

  /// Nine checks are right and one is wrong: only that one may be found.
  @Test(
    "of ten checks the one with a wrong standard error is found, or a bias",
    arguments: [
      (seeds: 1000, scale: 1, bias: 0, isFound: false), (1000, 1.15, 0, true),
      (1000, 0.87, 0, true), (1000, 1, 0.25, true), (1000, 1, -0.25, true),
      (200, 2.squareRoot(), 0, true),
      (30, 2, 0, true), (30, 1, 1.5, true),
    ])
  func oneWrongIsFound(seeds: Int, scale: Double, bias: Double, isFound: Bool) {
    var generator = Threefry(seed: 1)
    var scores = (0..<10).map { _ in
      ZScores(values: (0..<seeds).map { _ in generator.normal() })
    }
    scores[4] = ZScores(values: scores[4].values.map { scale * $0 + bias })
    let adjusted = scores.adjustedPValues
    #expect((adjusted[4] < 1e-3) == isFound)
    #expect(adjusted.indices.allSatisfy { $0 == 4 || adjusted[$0] > 1e-3 })
  }

  @Test("z-scores of the right spread but the wrong shape are found")
  func shape() {
    var generator = Threefry(seed: 2)
    // (χ²₁ − 1)/√2: mean 0, variance 1, far from symmetric
    let skewed = ZScores(
      values: (0..<1000).map { _ in
        let z = generator.normal()
        return (z * z - 1) / 2.0.squareRoot()
      })
    #expect(skewed.pOfShape < 1e-9)
    #expect(ZScores(values: [0.3, .infinity, -1]).pValue == 0)
  }
}
