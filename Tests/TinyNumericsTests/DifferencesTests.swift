import Testing
import TinyNumerics

@Suite("five-point differences")
struct DifferencesTests {
  @Test("exact to degree 4; beyond, off by h⁴/30 · f⁽⁵⁾, and fifteen times that is reported")
  func fivePoint() {
    let quartic = fivePointDerivative(at: 0.7, step: 0.5) { $0 * $0 * $0 * $0 }
    #expect(abs(quartic.value - 4 * 0.343) < 1e-13 && quartic.error < 1e-12)
    // with the sign of Taylor's term: −
    let exponential = fivePointDerivative(step: 0.1) { exp($0) }
    #expect(abs(exponential.value - 1 + 1e-4 / 30) < 1e-7)
    #expect(abs(exponential.error - 15e-4 / 30) < 1e-6)
    // rounding is divided by the step
    let constant = fivePointDerivative(step: 0.25) { _ in 3 }
    #expect(constant.value == 0 && constant.error == rounding(3) / 0.25)
  }
}
