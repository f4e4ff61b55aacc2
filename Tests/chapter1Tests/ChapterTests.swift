import Foundation
import Notebook
import Testing

@testable import chapter1

@Suite("chapter 1, as it runs")
struct ChapterTests {
  private func run(_ words: [String]) -> (outcome: Outcome, output: String) {
    var output = ""
    let console = Console(output: { output += $0 }, diagnostics: { _ in })
    let outcome = Chapter1.perform(words, console: console)
    return (outcome, output)
  }

  @Test("every row of the ledger has checks, and all hold", arguments: [1, 2, 77])
  func allHold(seed: Int) {
    let (outcome, output) = run(["--seed", "\(seed)"])
    #expect(outcome.status == .allChecksHold)
    #expect(outcome.checks.filter { !$0.holds }.isEmpty)
    let labels = (1...13).map { "1.\($0)" } + ["1.T"]
    #expect(Set(outcome.checks.map(\.label)) == Set(labels))
    let count = outcome.checks.count
    let summary = output.split(separator: "\n").last
    #expect(summary == "\(count) checks: \(count) held, 0 failed")
  }

  /// But for two: a series cut after its first term, and a minimum read off values, which are flat
  /// there.
  @Test("exact checks allow at most 1e-9 of their size; traps are told apart by far")
  func allowances() {
    for check in run([]).outcome.checks {
      switch check.kind {
      case .exact where check.identity.contains("up to the next power"):
        #expect(check.allowance <= 0.02 * check.rhs)
      case .exact where check.identity.contains("from values of D alone"):
        #expect(check.allowance <= 2e-7)
      case .exact: #expect(check.allowance <= 1e-9 * max(1, abs(check.lhs)), "\(check.identity)")
      case .trap: #expect(abs(check.difference) > 1e6 * check.allowance, "\(check.identity)")
      case .monteCarlo: #expect(check.resolves, "\(check.identity)")
      case .bound: break
      }
    }
  }

  @Test("same seed, same bytes; another seed, other draws; too few draws are noticed")
  func seeds() {
    let (first, again) = (run(["--json"]).output, run(["--json", "--seed", "1"]).output)
    let other = run(["--json", "--seed", "2"]).output
    let same = first == again
    let differs = first != other
    #expect(same && differs)
    #expect(run(["--samples", "100"]).outcome.status == .aCheckFailed)
  }
}
