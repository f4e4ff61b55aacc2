import Foundation
import Testing

/// What is said of every check is said of every check that the chapters print.
struct CompletenessTests {
  @Test(
    "every Monte Carlo check of a chapter is among the calibrated",
    arguments: ChapterProgram.numbers)
  func calibrated(chapter: Int) throws {
    let printed = try ChapterProgram.rows(ofChapter: chapter).filter { $0.kind == "monteCarlo" }
    let calibrated = try SampledSection.all().filter { $0.chapter == chapter }.flatMap {
      try $0.sampledChecks(seed: 7, share: 0.001)
    }
    #expect(!printed.isEmpty)
    for label in Set(printed.map(\.label)) {
      // Above two dimensions of z chapter 6 has another check of 6.3. Those of 6.7 are about three
      // models that would have to be trained for each seed; PixelLikelihoodsTests has their
      // estimator.
      let others = ["6.3": 1, "6.7": -printed.count { $0.label == "6.7" }][label] ?? 0
      #expect(
        calibrated.count { $0.label == label } == printed.count { $0.label == label } + others,
        "\(label)")
    }
  }

  @Test(
    "every label that a chapter prints has a row in the table of both routes",
    arguments: ChapterProgram.numbers)
  func independent(chapter: Int) throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../chapters/INDEPENDENCE.md")
    let table = try String(contentsOf: page, encoding: .utf8)
    for label in Set(try ChapterProgram.rows(ofChapter: chapter).map(\.label)) {
      #expect(table.contains("\n| \(label) | "), "\(label)")
    }
  }
}
