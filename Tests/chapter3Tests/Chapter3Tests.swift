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
    let expected = Set((1...21).map { "3.\($0)" } + ["3.T"])
    #expect(Set(outcome.checks.map(\.label)) == expected)
    for label in expected { #expect(text.contains("eq. \(label)  "), "\(label)") }
    let traps = outcome.checks.filter { $0.label == "3.T" }
    #expect(traps.count { $0.kind == .trap } == 5)
    #expect(
      traps.count { $0.kind == .exact } >= 5, "what each mistake gives, by a second route")
  }

  /// Slopes and gaps of 300 data points are sums of hundreds of nats; a slope of a distribution
  /// function is differenced; the rates of 3.15 are extrapolated, or agree to first order.
  @Test("exact checks are exact: no allowance above 1e-9, but for sums over data and rates")
  func allowances() {
    let exact = run(["--json"]).outcome.checks.filter { $0.kind == .exact }
    #expect(exact.count > 30)
    let loose = exact.filter { $0.allowance > 1e-9 }
    #expect(Set(loose.map(\.label)).isSubset(of: ["3.4", "3.13", "3.15", "3.19", "3.21"]))
    #expect(loose.filter { $0.allowance > 1e-6 }.map(\.label) == ["3.15"])
  }

  @Test("five figures")
  func figures() throws {
    let folder = NSTemporaryDirectory() + "chapter3-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(run(["--figures", folder]).outcome.status == .allChecksHold)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(
      names == [
        "chapter3-ascent.svg", "chapter3-climb.svg", "chapter3-em.svg", "chapter3-joint.svg",
        "chapter3-meanfield.svg",
      ]
    )
  }
}
