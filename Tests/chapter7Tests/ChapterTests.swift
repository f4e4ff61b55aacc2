import Notebook
import Testing

@testable import chapter7

@Suite("chapter 7, as it runs")
struct ChapterTests {
  /// With short trainings, of which nothing is claimed.
  private static let short = [1, 2].map { run(["--epochs", "2", "--json", "--seed", "\($0)"]) }

  private static func run(_ words: [String]) -> (outcome: Outcome, output: String) {
    var output = ""
    let console = Console(output: { output += $0 }, diagnostics: { _ in })
    let outcome = Chapter7.perform(words, console: console)
    return (outcome, output)
  }

  private static func labels(_ checks: [Check]) -> Set<String> { Set(checks.map(\.label)) }

  @Test("every row has checks, and all hold")
  func allHold() {
    for (outcome, _) in ChapterTests.short {
      #expect(outcome.status == .allChecksHold)
      #expect(outcome.checks.filter { !$0.holds }.isEmpty)
      let labels = (1...12).map { "7.\($0)" } + ["7.T"]
      #expect(ChapterTests.labels(outcome.checks) == Set(labels))
    }
  }

  @Test("in full: every further row says what it checked")
  func further() {
    let (outcome, output) = ChapterTests.run(["7.2", "7.8", "7.9", "7.12", "--epochs", "1"])
    #expect(outcome.status == .allChecksHold)
    #expect(output.contains("claimed of 200 epochs only"))
    let count = outcome.checks.count
    #expect(output.split(separator: "\n").last == "\(count) checks: \(count) held, 0 failed")
  }

  @Test("the trap is told apart by far; sampled checks resolve; a few draws are noticed")
  func allowances() {
    for check in ChapterTests.short[0].outcome.checks {
      switch check.kind {
      case .exact: #expect(check.allowance <= 1e-5 * max(1, abs(check.lhs)), "\(check.identity)")
      case .trap: #expect(abs(check.difference) > 1e6 * check.allowance, "\(check.identity)")
      case .monteCarlo: #expect(check.resolves, "\(check.identity)")
      case .bound: break
      }
    }
    #expect(ChapterTests.run(["7.4", "--samples", "100"]).outcome.status == .aCheckFailed)
  }

  @Test("same seed, same bytes; another seed, other draws and weights")
  func seeds() {
    let words = ["7.3", "7.4", "--json", "--epochs", "1"]
    let first = ChapterTests.run(words).output
    let again = ChapterTests.run(words + ["--seed", "1"]).output
    #expect(first == again)
    #expect(first != ChapterTests.run(words + ["--seed", "2"]).output)
    #expect(ChapterTests.short[0].output != ChapterTests.short[1].output)
  }

  @Test(
    "the reader's numbers, from end to end of their ranges",
    arguments: [
      ("7.6", "m", ["0.1", "2.5", "6"]), ("7.8", "s", ["2.7", "3.5", "4.5"]),
      ("7.9", "m", ["0.1", "3.3", "6"]),
    ])
  func settings(row: String, name: String, values: [String]) {
    for value in values {
      let outcome = ChapterTests.run([row, "--set", "\(name)=\(value)"]).outcome
      #expect(outcome.status == .allChecksHold, "\(row) \(name)=\(value)")
    }
    #expect(ChapterTests.run([row, "--set", "\(name)=9"]).outcome.status == .wrongCommandLine)
  }

  @Test("settings are chosen on other images than those held out")
  func choosing() {
    let output = ChapterTests.run(["7.3", "--choosing", "--epochs", "1"]).output
    #expect(output.replacing("\n", with: " ").contains("1200 binary digits"))
  }
}
