import Foundation
import Notebook
import Testing

@testable import chapter8

@Suite("chapter 8, whole")
struct Chapter8Tests {
  private func run(_ words: [String]) -> (outcome: Outcome, text: String) {
    var text = ""
    let outcome = Chapter8.perform(
      words, console: Console(output: { text += $0 }, diagnostics: { _ in }))
    return (outcome, text)
  }

  @Test("every row is shown, every check holds, whatever the seed", arguments: [1, 20])
  func labels(seed: Int) {
    let (outcome, text) = run(["--seed", "\(seed)"])
    #expect(outcome.status == .allChecksHold)
    let expected = Set((1...9).map { "8.\($0)" } + ["8.T"])
    #expect(Set(outcome.checks.map(\.label)) == expected)
    for label in expected { #expect(text.contains("eq. \(label)  "), "\(label)") }
  }

  @Test("too few draws are called too few")
  func fewDraws() {
    let outcome = run(["--samples", "100"]).outcome
    #expect(outcome.status == .aCheckFailed)
    #expect(outcome.checks.filter { $0.kind == .monteCarlo }.allSatisfy { !$0.holds })
  }

  @Test(
    "exact checks are exact: only extrapolations, a Runge–Kutta rule and a difference are coarse")
  func allowances() {
    let coarse = run(["--json"]).outcome.checks.filter { $0.kind == .exact && $0.allowance > 1e-8 }
    #expect(Set(coarse.map(\.label)) == ["8.4", "8.6", "8.7", "8.8", "8.9", "8.T"])
    #expect(coarse.filter { $0.allowance > 1e-3 }.map(\.label) == ["8.6", "8.6", "8.8"])
  }

  @Test("five figures")
  func figures() throws {
    let folder = NSTemporaryDirectory() + "chapter8-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(run(["--figures", folder]).outcome.status == .allChecksHold)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(
      names == [
        "chapter8-area.svg", "chapter8-chain.svg", "chapter8-denoisers.svg", "chapter8-flow.svg",
        "chapter8-steps.svg",
      ])
  }
}

/// Whether `value` is `golden` to the digits that are written out.
func agrees(_ value: Double, _ golden: Double, digits: Int) -> Bool {
  guard golden != 0 else { return value == 0 }
  let unit = pow(10, floor(log10(abs(golden))) - Double(digits - 1))
  return abs(value - golden) <= 0.5000001 * unit
}
