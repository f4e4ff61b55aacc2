import Foundation
import Notebook
import Testing
import TinyNumerics

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

  /// Exercise 1 of the page.
  @Test("eq. 4.7: on unseen x a wider network may do worse", arguments: [2, 7] as [UInt64])
  func wider(seed: UInt64) {
    let study = Study(seed: seed)
    let unseen = study.unseen.map { mean($0.amortization) }
    if seed == 2 {
      #expect(unseen[2] < unseen[3] && unseen[3] < unseen[4] && unseen[1] < unseen[4])
    } else {
      #expect(unseen[3] < unseen[4])
    }
    let seen = study.seen.map { mean($0.amortization) }
    #expect(zip(seen, seen.dropFirst()).allSatisfy(>))
  }
}
