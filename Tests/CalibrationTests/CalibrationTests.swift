import Foundation
import Testing

@testable import Notebook

/// Over many seeds the z-scores of a Monte Carlo check are standard normal, or its standard error is
/// wrong. `CALIBRATION_SEEDS=1000 swift test --filter CalibrationTests` asks all checks at length, and
/// prints what they answer; `CALIBRATION_SHARE=1` gives them all of their draws instead of a tenth, and
/// `CALIBRATION_CHAPTER=2` asks one chapter.
struct CalibrationTests {
  static let environment = ProcessInfo.processInfo.environment
  static let seeds = environment["CALIBRATION_SEEDS"].flatMap(Int.init)
  static let share = environment["CALIBRATION_SHARE"].flatMap(Double.init) ?? 0.1
  static let chapter = environment["CALIBRATION_CHAPTER"].flatMap(Int.init)

  @Test("the z-scores of every Monte Carlo check are standard normal")
  func zScoresAreStandardNormal() throws {
    let sections = try SampledSection.all().filter {
      CalibrationTests.chapter == nil || $0.chapter == CalibrationTests.chapter
    }
    let scores = try sections.flatMap { section in
      let t0 = clock()
      let seeds = CalibrationTests.seeds ?? 20
      let one = try ZScores.of(section, seeds: seeds, share: CalibrationTests.share)
      print("TIME", section.labels, Double(clock() - t0) / 1e6 / Double(seeds))
      return one
    }
    if CalibrationTests.seeds != nil { print(scores.report) }
    for (check, adjusted) in zip(scores, scores.adjustedPValues) {
      #expect(
        adjusted > 1e-3,
        "eq. \(check.label) \(check.identity): mean \(check.mean), sd \(check.standardDeviation)")
      #expect(check.falseAlarms == 0)
    }
  }
}
