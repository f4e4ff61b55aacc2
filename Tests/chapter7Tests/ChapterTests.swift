import Notebook
import Testing

@testable import chapter7

@Suite("chapter 7, as it runs")
struct ChapterTests {
  private func run(_ words: [String]) -> (outcome: Outcome, output: String) {
    var output = ""
    let console = Console(output: { output += $0 }, diagnostics: { _ in })
    let outcome = Chapter7.perform(words, console: console)
    return (outcome, output)
  }

  @Test("every row that needs no digits has checks, and all hold", arguments: [1, 2, 77])
  func allHold(seed: Int) {
    let (outcome, output) = run(["--seed", "\(seed)"])
    #expect(outcome.status == .allChecksHold)
    #expect(outcome.checks.filter { !$0.holds }.isEmpty)
    let labels = [1, 2, 4, 5, 6, 7, 8, 9, 10, 12].map { "7.\($0)" } + ["7.T"]
    #expect(Set(outcome.checks.map(\.label)) == Set(labels))
    let count = outcome.checks.count
    #expect(output.split(separator: "\n").last == "\(count) checks: \(count) held, 0 failed")
  }

  @Test("the trap is told apart by far; sampled checks resolve; a few draws are noticed")
  func allowances() {
    for check in run([]).outcome.checks {
      switch check.kind {
      case .exact: #expect(check.allowance <= 1e-5 * max(1, abs(check.lhs)), "\(check.identity)")
      case .trap: #expect(abs(check.difference) > 1e6 * check.allowance, "\(check.identity)")
      case .monteCarlo: #expect(check.resolves, "\(check.identity)")
      case .bound: break
      }
    }
    #expect(run(["--samples", "100"]).outcome.status == .aCheckFailed)
  }

  @Test("same seed, same bytes; another seed, other draws")
  func seeds() {
    let (first, again) = (run(["--json"]).output, run(["--json", "--seed", "1"]).output)
    let same = first == again
    let differs = first != run(["--json", "--seed", "2"]).output
    #expect(same && differs)
  }
}
