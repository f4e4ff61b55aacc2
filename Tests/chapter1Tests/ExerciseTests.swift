import Testing
import TinyNumerics

@testable import Notebook
@testable import chapter1

/// The numbers that the page's solutions give.
@Suite("chapter 1, exercises")
struct ExerciseTests {
  private let silent = Console(output: { _ in }, diagnostics: { _ in })

  @Test("exercise 1: with 1,000 draws six checks are too coarse, and none of them disagrees")
  func fewDraws() {
    let failed = Chapter1.perform(["--samples", "1000"], console: silent).checks.filter {
      !$0.holds
    }
    #expect(failed.count == 6)
    #expect(failed.allSatisfy { $0.kind == .monteCarlo && !$0.resolves && abs($0.z ?? 9) < 2 })
  }

  @Test("exercise 2: z-scores beyond ±1 and ±2 over the seeds 1 to 20")
  func scores() throws {
    let scores = try (1...20).flatMap { seed in
      let arguments = try Arguments(["--json", "--seed=\(seed)"], options: CommonOption.all)
      let notebook = try Notebook(title: "", arguments: arguments, console: silent)
      Chapter1.showRegulariser(in: notebook)
      Chapter1.showDraws(in: notebook)
      return notebook.checks.compactMap(\.z)
    }
    #expect(scores.count == 120)
    #expect(scores.count { abs($0) > 1 } == 42)
    #expect(scores.count { abs($0) > 2 } == 4)
  }

  @Test("exercise 3: what 1 2 3 | 4 5 | 6 loses of another loaded die")
  func otherDie() {
    let p = Discrete(weights: [1, 1, 2, 2, 2, 5])
    let lost = Grouping(group: [0, 0, 0, 1, 1, 2], count: 3).loss(p, relativeTo: Dice.fair)
    #expect(abs(lost - 4.0 / 13 * (log(3.0) - 1.5 * log(2.0))) < 1e-15)
    #expect(abs(lost - 0.01812) < 5e-6)
  }

  @Test("exercise 4: c (r − 1) − log r at m = 1 is calmest at c = 1/(e − 1), and may be negative")
  func calmest() {
    let (q, p) = ShiftedNormal.pair(1)
    func variance(_ c: Double) -> Double {
      expectation(under: q) { z in
        let logRatio = p.logDensity(z) - q.logDensity(z)
        let deviation = c * expm1(logRatio) - logRatio - 0.5
        return deviation * deviation
      }.value
    }
    let best = 1 / (exp(1.0) - 1)
    #expect(abs(best - 0.582) < 5e-4 && abs(variance(best) - 0.418) < 5e-4)
    #expect(abs(variance(1) - 0.718) < 5e-4)
    #expect(variance(best - 0.01) > variance(best) && variance(best + 0.01) > variance(best))
    #expect(abs(1 - best + log(best) + 0.12) < 5e-3)
  }

  @Test("exercise 5: two equal peaks")
  func equalPeaks() {
    let peaks = TwoPeaks(halfDistance: 3, heavierWeight: 0.5)
    #expect(abs(peaks.momentMatched.mean) < 1e-15 && abs(peaks.momentMatched.variance - 10) < 1e-12)
    #expect(abs(peaks.heavierFit.divergence - 0.688769) < 5e-7)
    let near = TwoPeaks(halfDistance: 2.4, heavierWeight: 0.5)
    #expect(abs(near.heavierFit.q.mean - near.broadFit.q.mean) < 1e-6)
    #expect(abs(TwoPeaks.switchPoint(heavierWeight: 0.5) - 2.80) < 5e-3)
  }

  @Test("exercise 6: boxes for which the best D is 0")
  func binomialBoxes() {
    let data = CountData(
      observations: [64, 192, 240, 160, 60, 12, 1].enumerated().flatMap { k, boxes in
        Array(repeating: k, count: boxes)
      }, trials: 6)
    #expect(abs(data.divergence(1 / 3.0)) < 1e-15 && abs(data.likeliest().theta - 1 / 3.0) < 1e-9)
  }
}
