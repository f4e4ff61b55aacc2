import Foundation
import Testing
import TinyNumerics

/// Where no closed form is given, golden values are `mpmath`'s `quad` at 40 digits.
@Suite("double exponential quadrature")
struct DoubleExponentialTests {
  private let line = -Double.infinity ... .infinity

  private func expect(
    _ integral: Integral, _ exact: Double, evaluations: Int = 1100,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let rounding = 16 * ulp * abs(exact)
    #expect(
      abs(integral.value - exact) <= integral.error + rounding, sourceLocation: sourceLocation)
    #expect(integral.error <= 2e-12 * abs(exact), sourceLocation: sourceLocation)
    #expect(integral.evaluations <= evaluations, sourceLocation: sourceLocation)
  }

  @Test("smooth on a finite interval")
  func finite() {
    expect(integrate(over: 0...1, cos), sin(1))
    expect(integrate(over: 0...2) { exp($0) / (1 + $0) }, 2.9572778915372845132)
    expect(integrate(over: 3...4) { _ in 5 }, 5)
    expect(integrate(over: 1...100) { 1 / $0 }, log(100))
  }

  @Test("singular at the ends")
  func singular() {
    expect(integrate(over: 0...1, log), -1)
    expect(integrate(over: 0...1) { 1 / $0.squareRoot() }, 2)
    expect(integrate(over: 0...1) { pow($0, -0.9) }, 10)
  }

  @Test("half-lines")
  func halfLines() {
    expect(integrate(over: 0 ... .infinity) { exp(-$0) * pow($0, 4) }, 24)
    expect(integrate(over: -.infinity...0) { exp($0) * pow($0, 4) }, 24)
    expect(integrate(over: 2 ... .infinity) { exp(-$0) }, exp(-2))
    expect(integrate(over: 0 ... .infinity, scale: 1e6) { exp(-1e-6 * $0) }, 1e6)
    // Frullani: ∫ (e^{−t} − e^{−3t})/t dt = log 3
    expect(integrate(over: 0 ... .infinity) { (exp(-$0) - exp(-3 * $0)) / $0 }, log(3))
  }

  @Test("the whole line")
  func wholeLine() {
    expect(integrate(over: line) { exp(-$0 * $0) }, Double.pi.squareRoot())
    expect(integrate(over: line) { 1 / (1 + $0 * $0) }, .pi)
    expect(
      integrate(
        over: line, centre: 3, scale: 0.25, Normal(mean: 3.5, standardDeviation: 0.2).density),
      1)
    // Nodes near 1000 are rounded by 6e-14, or 3e-11 standard deviations of this density.
    let narrow = Normal(mean: 1000, standardDeviation: 2e-3)
    let far = integrate(over: line, tolerance: 1e-9, centre: 1e3, scale: 1e-3, narrow.density)
    #expect(abs(far.value - 1) <= 3e-11 && far.error <= 1e-9 && far.evaluations <= 300)
    let odd = integrate(over: line) { $0 * exp(-$0 * $0) }
    #expect(abs(odd.value) <= odd.error && odd.error <= 1e-12)
  }

  @Test("tiny integrands: the tolerance is relative")
  func tiny() {
    expect(integrate(over: line) { 1e-250 * exp(-$0 * $0) }, 1e-250 * Double.pi.squareRoot())
  }

  @Test("expectations under a normal distribution")
  func expectations() {
    let q = Normal(mean: 1, standardDeviation: 2)
    expect(expectation(under: q) { ($0 * $0 + 1).squareRoot() }, 2.1642215195372632579)
    expect(expectation(under: q) { $0 * $0 * $0 }, 13)
    expect(expectation(under: q, of: exp), exp(3))
    let narrow = Normal(mean: -1e4, standardDeviation: 1e-2)
    expect(expectation(under: narrow) { $0 }, -1e4)
    let variance = expectation(under: narrow, tolerance: 1e-9) { ($0 + 1e4) * ($0 + 1e4) }
    #expect(abs(variance.value - 1e-4) <= variance.error + 2e-2 * (1e4).ulp)
  }

  @Test("what it cannot do, it reports")
  func failsLoudly() {
    #expect(integrate(over: 0...1) { 1 / $0 }.error > 1)
    #expect(integrate(over: line) { _ in 1 }.error > 1)
    #expect(integrate(over: 1 ... .infinity) { 1 / $0 }.error > 1)
    #expect(integrate(over: -1...1) { 1 / $0 }.error > 1e-3)
    #expect(integrate(over: -1...2) { 1 / abs($0) }.error > 1e-3)
    #expect(integrate(over: 0...1) { _ in .nan }.error == .infinity)
    #expect(integrate(over: 0...1) { $0 > 0.3 ? .infinity : 1 }.error == .infinity)
    #expect(integrate(over: line) { exp($0) }.error == .infinity)
    // a jump and a kink cost digits, and the error says so
    let jump = integrate(over: 0...1) { $0 < 0.3 ? 1 : 0 }
    #expect(abs(jump.value - 0.3) <= 4 * jump.error && jump.error > 1e-9)
    let kink = integrate(over: 0...1) { abs($0 - 0.3) }
    #expect(abs(kink.value - 0.29) <= 4 * kink.error && kink.error > 1e-13)
    let wild = integrate(over: 0...1) { sin(1e6 * $0) }
    #expect(wild.error > 1e-6)
  }

  @Test("nothing to integrate: no interval, and a function that is zero")
  func nothing() {
    let empty = integrate(over: 2...2) { _ in 1 }
    #expect(empty.value == 0 && empty.error == 0 && empty.evaluations == 0)
    let zero = integrate(over: 0...1) { _ in 0 }
    #expect(zero.value == 0 && zero.error == 0 && zero.evaluations > 10_000)
  }

  @Test("log ∫ exp(f)")
  func logarithm() {
    let gaussian = logIntegralExp(over: line) { -1e5 - 0.5 * $0 * $0 }
    #expect(abs(gaussian.value - (-1e5 + 0.5 * logTwoPi)) <= gaussian.error)
    #expect(gaussian.error <= 1e5 * 8 * ulp)
    // log B(301, 801): mpmath
    let beta = logIntegralExp(over: 0...1) { 300 * log($0) + 800 * log1p(-$0) }
    #expect(abs(beta.value + 647.93994517889265427) <= beta.error + 648 * 4 * ulp)
    #expect(beta.error <= 648 * 8 * ulp)
    // an integrand within the range of Double, by the other function
    let f = { (x: Double) in sin(x) - x * x }
    let plain = integrate(over: line) { exp(f($0)) }
    let both = logIntegralExp(over: line, f)
    #expect(abs(both.value - log(plain.value)) <= both.error + 2 * plain.error)
    #expect(both.error < 1e-11)
    #expect(abs(logIntegralExp(over: 0...1) { _ in 1e5 }.value - 1e5) <= 1e5 * 4 * ulp)
  }

  @Test("scales and centres that are none are refused")
  func preconditions() async {
    await #expect(processExitsWith: .failure) {
      _ = integrate(over: 0 ... .infinity, scale: 0) { exp(-$0) }
    }
    await #expect(processExitsWith: .failure) {
      _ = integrate(over: 0 ... .infinity, scale: .infinity) { exp(-$0) }
    }
    await #expect(processExitsWith: .failure) {
      _ = integrate(over: -.infinity ... .infinity, centre: .nan) { exp(-$0 * $0) }
    }
  }

  @Test("log ∫ exp(f) of nothing, of too much, of what is no number")
  func logarithmEdges() {
    let nothing = logIntegralExp(over: 0...1) { _ in -.infinity }
    #expect(nothing.value == -.infinity && nothing.error == .infinity)
    #expect(logIntegralExp(over: line) { _ in 0 }.error > 0.1)
    #expect(logIntegralExp(over: 0...1) { _ in .nan }.error == .infinity)
    #expect(logIntegralExp(over: 0...1) { _ in .infinity }.error == .infinity)
  }
}
