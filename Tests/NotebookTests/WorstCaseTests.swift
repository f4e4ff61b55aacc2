import Notebook
import Testing

@Suite("the worst of many cases")
struct WorstCaseTests {
  private func exact(_ lhs: Double, _ rhs: Double, _ allowance: Double) -> Check {
    .exact("1.1", "a = b", lhs, rhs, allowance: allowance)
  }

  @Test("of exact checks, the one that has used most of its own allowance")
  func exactChecks() {
    let worst = Check.worst(of: [
      exact(1, 1.5, 10), exact(2, 2.1, 0.2), exact(3, 3, 0), exact(4, 3.96, 0.2),
    ])
    #expect(worst.lhs == 2 && worst.rhs == 2.1 && worst.allowance == 0.2 && worst.holds)
    #expect(worst.identity == "a = b: worst of 4 cases" && worst.label == "1.1")
    #expect(!Check.worst(of: [exact(1, 1, 1), exact(1, 1.1, 0), exact(5, 4, 0.9)]).holds)
  }

  @Test("what is not finite is worst of all, and does not hold")
  func notFinite() {
    for bad in [
      exact(.nan, 1, 1), exact(1, .infinity, 1), exact(1, 1.5, .nan), exact(1, 1.5, .infinity),
      exact(1, 1, -1),
      exact(1, 1, .infinity),
    ] {
      #expect(!Check.worst(of: [exact(1, 1, 1), bad, exact(1, 1.5, 1)]).holds)
      #expect(!Check.worst(of: [bad, exact(1, 1, 1)]).holds)
    }
  }

  @Test("of bounds, the one with the smallest margin")
  func bounds() {
    let bounds = [(0.0, 5.0), (3, 3.5), (-1, 4)].map {
      Check.bound("1.2", "a ≤ b", lower: $0.0, upper: $0.1)
    }
    #expect(Check.worst(of: bounds).lhs == 3 && Check.worst(of: bounds).kind == .bound)
    let broken = Check.worst(of: bounds + [.bound("1.2", "a ≤ b", lower: 1, upper: 0.9)])
    #expect(broken.lhs == 1 && !broken.holds)
  }

  @Test("no case, or checks of other kinds, are refused")
  func refused() async {
    await #expect(processExitsWith: .failure) { _ = Check.worst(of: []) }
    await #expect(processExitsWith: .failure) {
      _ = Check.worst(of: [
        .exact("1.1", "", 0, 0, allowance: 0), .bound("1.1", "", lower: 0, upper: 1),
      ])
    }
    await #expect(processExitsWith: .failure) {
      _ = Check.worst(of: [.trap("1.T", "", wrong: 1, right: 0, allowance: 1e-9)])
    }
  }
}
