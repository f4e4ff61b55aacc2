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
    let (outcome, text) = run(["--seed", "\(seed)", "--epochs", "1", "--all"])
    #expect(outcome.status == .allChecksHold)
    let expected = Set((1...12).map { "8.\($0)" } + ["8.T"])
    #expect(Set(outcome.checks.map(\.label)) == expected)
    for label in expected { #expect(text.contains("eq. \(label)  "), "\(label)") }
  }

  @Test("too few draws are called too few")
  func fewDraws() {
    let outcome = run(["--samples", "100", "--epochs", "1"]).outcome
    #expect(outcome.status == .aCheckFailed)
    #expect(outcome.checks.filter { $0.kind == .monteCarlo }.allSatisfy { !$0.holds })
  }

  @Test(
    "exact checks are exact: only extrapolations, a Runge–Kutta rule and a difference are coarse")
  func allowances() {
    let coarse = run(["--json", "--epochs", "1"]).outcome.checks.filter {
      $0.kind == .exact && $0.allowance > 1e-8
    }
    #expect(Set(coarse.map(\.label)) == ["8.4", "8.6", "8.7", "8.8", "8.9", "8.12", "8.T"])
    #expect(coarse.filter { $0.allowance > 1e-3 }.map(\.label) == ["8.6", "8.6", "8.8", "8.9"])
  }

  @Test("eqs. 8.1 and 8.7: numbers of the reader's own")
  func settings() {
    for words in [
      ["8.1", "--set", "betas=0.05,0.95", "--set", "x0=2", "--set", "xt=-2"],
      ["8.1", "--set", "betas=0.9,0.9,0.9,0.9,0.9,0.9,0.9,0.9"],
      ["8.7", "--set", "p=0.01", "--set", "q=0.99"], ["8.7", "--set", "p=0.99"],
    ] {
      #expect(run(words).outcome.status == .allChecksHold, "\(words)")
    }
    #expect(run(["8.1", "--set", "betas=0.1"]).outcome.status == .wrongCommandLine)
    #expect(run(["--steps", "1"]).outcome.status == .wrongCommandLine)
  }

  @Test("seven figures")
  func figures() throws {
    let folder = NSTemporaryDirectory() + "chapter8-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(run(["--figures", folder, "--epochs", "1"]).outcome.status == .allChecksHold)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(
      names == [
        "chapter8-area.svg", "chapter8-chain.svg", "chapter8-climb.svg", "chapter8-denoisers.svg",
        "chapter8-flow.svg", "chapter8-samples.svg", "chapter8-steps.svg",
      ])
  }
}

/// Whether `value` is `golden` to the digits that are written out.
func agrees(_ value: Double, _ golden: Double, digits: Int) -> Bool {
  guard golden != 0 else { return value == 0 }
  let unit = pow(10, floor(log10(abs(golden))) - Double(digits - 1))
  return abs(value - golden) <= 0.5000001 * unit
}
