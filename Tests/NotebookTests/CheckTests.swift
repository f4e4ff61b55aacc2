import Testing

@testable import Notebook

@Suite("Checks")
struct CheckTests {
  static let notFinite: [Double] = [.nan, .infinity, -.infinity]

  @Test("exact: the difference may be as large as the allowance, on either side")
  func exact() {
    #expect(Check.exact("1.1", "", 1, 1, allowance: 0).holds)
    #expect(Check.exact("1.1", "", 1.5, 1, allowance: 0.5).holds)
    #expect(Check.exact("1.1", "", 1, 1.5, allowance: 0.5).holds)
    #expect(!Check.exact("1.1", "", 1.75, 1, allowance: 0.5).holds)
    #expect(!Check.exact("1.1", "", 1, 1.75, allowance: 0.5).holds)
    #expect(!Check.exact("1.1", "", 1, 1, allowance: -1).holds)
    #expect(Check.exact("1.1", "", 3, 1, allowance: 0.5).difference == 2)
  }

  @Test("Monte Carlo: five standard errors, and no coarser than promised")
  func monteCarlo() {
    func check(_ estimate: Double, _ error: Double, promise: Double) -> Check {
      .monteCarlo(
        "1.9", "", estimate: estimate, standardError: error, exact: 1, promise: promise)
    }
    #expect(check(1.5, 0.125, promise: 1).holds)
    #expect(check(0.5, 0.125, promise: 0.625).holds)
    #expect(check(1.5, 0.125, promise: 1).z == 4)
    #expect(check(0.5, 0.125, promise: 1).z == -4)
    #expect(!check(1.75, 0.125, promise: 1).holds)
    #expect(!check(0.25, 0.125, promise: 1).holds)
    #expect(!check(1, 0.125, promise: 0.5).holds)
    #expect(!check(1, 0.125, promise: 0.5).resolves)
    for promise in Self.notFinite + [0, -1] {
      #expect(!check(1, 0.125, promise: promise).holds, "promise \(promise)")
    }
    // Draws without spread, or none, show nothing: not even that equal numbers are equal.
    for error in [0, -0.125] + Self.notFinite {
      #expect(!check(1, error, promise: 1).holds, "standard error \(error)")
    }
    #expect(check(1, 0, promise: 1).z == nil)
    #expect(check(1, .nan, promise: 1).z == nil)
  }

  @Test("bound: lower ≤ upper, with slack for a stated standard error only")
  func bound() {
    #expect(Check.bound("3.8", "", lower: 1, upper: 1).holds)
    #expect(Check.bound("3.8", "", lower: 1, upper: 2).holds)
    #expect(!Check.bound("3.8", "", lower: 1.0.nextUp, upper: 1).holds)
    #expect(Check.bound("3.8", "", lower: 1.5, upper: 1, standardError: 0.125).holds)
    #expect(!Check.bound("3.8", "", lower: 1.75, upper: 1, standardError: 0.125).holds)
    #expect(!Check.bound("3.8", "", lower: 0, upper: 1, standardError: -0.125).holds)
  }

  @Test("trap: holds only if wrong and right lie more than ten allowances apart")
  func trap() {
    #expect(Check.trap("1.T", "", wrong: 2, right: 1, allowance: 0.0625).holds)
    #expect(Check.trap("1.T", "", wrong: 0, right: 1, allowance: 0.0625).holds)
    #expect(!Check.trap("1.T", "", wrong: 1.625, right: 1, allowance: 0.0625).holds)
    #expect(!Check.trap("1.T", "", wrong: 1, right: 1, allowance: 0.0625).holds)
    // An allowance of 0 would call any rounding a mistake.
    #expect(!Check.trap("1.T", "", wrong: 2, right: 1, allowance: 0).holds)
  }

  @Test("NaN and ∞ never hold, on either side or in the allowance", arguments: notFinite)
  func neverHolds(_ bad: Double) {
    for (lhs, rhs) in [(bad, 1), (1, bad), (bad, bad), (-bad, bad)] {
      #expect(!Check.exact("1.1", "", lhs, rhs, allowance: 1).holds)
      #expect(!Check.exact("1.1", "", lhs, rhs, allowance: bad).holds)
      #expect(
        !Check.monteCarlo(
          "1.9", "", estimate: lhs, standardError: 0.1, exact: rhs, promise: 1
        ).holds)
      #expect(!Check.bound("3.8", "", lower: lhs, upper: rhs).holds)
      #expect(!Check.bound("3.8", "", lower: lhs, upper: rhs, standardError: 1).holds)
      #expect(!Check.trap("1.T", "", wrong: lhs, right: rhs, allowance: 0.01).holds)
    }
    #expect(!Check.exact("1.1", "", 1, 1, allowance: bad).holds)
    #expect(!Check.bound("3.8", "", lower: 0, upper: 1, standardError: bad).holds)
    #expect(!Check.trap("1.T", "", wrong: 9, right: 1, allowance: bad).holds)
  }

  @Test("a difference that overflows never holds")
  func overflow() {
    let huge = Double.greatestFiniteMagnitude
    #expect(!Check.exact("1.1", "", huge, -huge, allowance: huge).holds)
    #expect(!Check.bound("3.8", "", lower: -huge, upper: huge).holds)
    #expect(!Check.trap("1.T", "", wrong: -huge, right: huge, allowance: 1).holds)
  }

  @Test("only Monte Carlo checks have a z-score")
  func score() {
    #expect(Check.exact("1.1", "", 1, 2, allowance: 1).z == nil)
    #expect(Check.bound("3.8", "", lower: 1, upper: 2, standardError: 1).z == nil)
    #expect(Check.trap("1.T", "", wrong: 1, right: 2, allowance: 1).z == nil)
    #expect(
      Check.monteCarlo("1.9", "", estimate: 3, standardError: 0.5, exact: 2, promise: 9).z == 2)
  }
}

@Suite("Checks as a reader sees them")
struct CheckTextTests {
  @Test("exact")
  func exact() {
    let held = Check.exact("3.6", "log p(x) = ELBO + D", 1.5, 1.25, allowance: 0.5)
    #expect(held.sentence == "eq. 3.6  log p(x) = ELBO + D")
    #expect(held.evidence == "1.5 = 1.25   difference 2.5e-01 ≤ 5.0e-01")
    #expect(
      Check.exact("3.6", "", 1.5, -2, allowance: 1e-12).evidence
        == "1.5 ≠ -2   difference 3.5e+00 > 1.0e-12")
  }

  @Test("sides that part late are shown with all their digits")
  func late() {
    #expect(
      Check.exact("3.6", "", 1, 1.0.nextUp, allowance: 0).evidence
        == "1 ≠ 1.0000000000000002   difference 2.2e-16 > 0.0e+00")
  }

  @Test("Monte Carlo")
  func monteCarlo() {
    func evidence(_ estimate: Double, _ error: Double, promise: Double) -> String {
      Check.monteCarlo(
        "1.9", "", estimate: estimate, standardError: error, exact: 1, promise: promise
      ).evidence
    }
    #expect(evidence(1.5, 0.25, promise: 2) == "1.5 ± 0.25 ≈ 1   z = +2.00, notices 1.2")
    #expect(evidence(0, 0.1, promise: 2) == "0 ± 0.1 ≈ 1   z = -10.00, notices 0.5")
    #expect(
      evidence(1.5, 0.25, promise: 1)
        == "1.5 ± 0.25 ≈ 1   z = +2.00, notices 1.2: too coarse, it promised 1; raise --samples")
    #expect(evidence(1, 0, promise: 1) == "1 ± 0 ≈ 1   z = undefined, notices 0")
    #expect(
      evidence(1, .nan, promise: 1)
        == "1 ± nan ≈ 1   z = undefined, notices nan: not finite, so nothing is shown")
  }

  @Test("bound")
  func bound() {
    #expect(Check.bound("3.8", "", lower: 1, upper: 1.5).evidence == "1 ≤ 1.5   margin 0.5")
    #expect(Check.bound("3.8", "", lower: 2, upper: 1.5).evidence == "2 > 1.5   margin -0.5")
    #expect(
      Check.bound("3.8", "", lower: 2, upper: 1.5, standardError: 0.25).evidence
        == "2 > 1.5   margin -0.5, within 5 standard errors of 0.25")
    #expect(
      Check.bound("3.8", "", lower: 2, upper: 1.5, standardError: 0.01).evidence
        == "2 > 1.5   margin -0.5, standard error 0.01")
  }

  @Test("trap")
  func trap() {
    #expect(
      Check.trap("1.T", "½ forgotten", wrong: 2, right: 1, allowance: 1e-9).evidence
        == "wrong 2, right 1: off by 1, allowed 1.0e-09")
    #expect(
      Check.trap("1.T", "½ forgotten", wrong: 1.5, right: 1, allowance: 0.5).evidence
        == "wrong 1.5, right 1: off by 0.5, allowed 5.0e-01: too close to be told apart")
  }

  @Test("what is not finite is said to show nothing, and no false relation is printed")
  func notFinite() {
    let cases = [
      Check.exact("1.1", "", .nan, 1, allowance: 1), .exact("1.1", "", 1, 1, allowance: .infinity),
      .bound("3.8", "", lower: .nan, upper: 1), .bound("3.8", "", lower: -.infinity, upper: 1),
      .trap("1.T", "", wrong: .nan, right: 1, allowance: 1),
    ]
    for check in cases {
      #expect(check.evidence.hasSuffix(": not finite, so nothing is shown"), "\(check.evidence)")
    }
    #expect(cases[0].evidence.contains("nan ≠ 1   difference nan ≰ 1.0e+00"))
    #expect(cases[2].evidence.contains("nan ≰ 1"))
  }
}
