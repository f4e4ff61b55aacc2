import Foundation
import Notebook
import Testing

@testable import chapter3

@Suite("chapter 3, whole")
struct Chapter3Tests {
  private func run(_ words: [String]) -> (outcome: Outcome, text: String) {
    var text = ""
    let outcome = Chapter3.perform(
      words, console: Console(output: { text += $0 }, diagnostics: { _ in }))
    return (outcome, text)
  }

  @Test(
    "every row of the ledger is shown, every check holds, whatever the seed", arguments: [1, 20])
  func labels(seed: Int) {
    let (outcome, text) = run(["--seed", "\(seed)"])
    #expect(outcome.status == .allChecksHold)
    let expected = Set((1...19).map { "3.\($0)" } + ["3.T"])
    #expect(Set(outcome.checks.map(\.label)) == expected)
    for label in expected { #expect(text.contains("eq. \(label)  "), "\(label)") }
    #expect(outcome.checks.filter { $0.label == "3.T" }.allSatisfy { $0.kind == .trap })
  }

  @Test("exact checks are exact: no allowance above 1e-9, but for the extrapolated rate")
  func allowances() {
    let exact = run(["--json"]).outcome.checks.filter { $0.kind == .exact }
    #expect(exact.count > 30)
    #expect(exact.filter { $0.allowance > 1e-9 }.map(\.label) == ["3.15"])
  }

  @Test("four figures")
  func figures() throws {
    let folder = NSTemporaryDirectory() + "chapter3-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(run(["--figures", folder]).outcome.status == .allChecksHold)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(
      names == [
        "chapter3-ascent.svg", "chapter3-climb.svg", "chapter3-em.svg", "chapter3-meanfield.svg",
      ]
    )
  }
}
