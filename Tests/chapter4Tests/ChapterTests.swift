import Foundation
import Notebook
import Testing

@testable import chapter4

@Suite("chapter 4 as a whole")
struct ChapterTests {
  @Test("every row has a check and every check holds")
  func rows() {
    let outcome = Chapter4.perform(
      ["--seed", "2"], console: Console(output: { _ in }, diagnostics: { _ in }))
    #expect(outcome.status == .allChecksHold)
    let labels = Set(outcome.checks.map(\.label))
    #expect(labels == Set((1...10).map { "4.\($0)" } + ["4.T"]))
    #expect(outcome.checks.filter { $0.kind == .trap }.count == 3)
    for check in outcome.checks { #expect(check.holds, "\(check.label) \(check.identity)") }
  }
}
