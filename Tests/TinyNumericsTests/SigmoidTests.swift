import Foundation
import Testing
import TinyNumerics

/// Golden values: `mpmath` at 60 digits, e.g.
/// `python3 -c "from mpmath import *; mp.dps = 60; print(log1p(exp(mpf(-40))))"`.
@Suite("softplus, sigmoid, log sigmoid")
struct SigmoidTests {
  static let softplusValues: [(Double, Double)] = [
    (-1e4, 0), (-745, .leastNonzeroMagnitude), (-40, 4.248354255291589e-18),
    (-1.5, 0.20141327798275241),
    (-1e-9, 0.69314718005994531), (0, 0.69314718055994531), (0.3, 0.85435524446852711),
    (1, 1.3132616875182228), (36.5, 36.5), (710, 710), (1e4, 1e4),
    (-.infinity, 0), (.infinity, .infinity),
  ]

  @Test("log(1 + eˣ) from −∞ to ∞", arguments: softplusValues)
  func softplusIsGolden(x: Double, exact: Double) {
    #expect(relativeError(softplus(x), exact) <= 2 * ulp)
  }

  @Test("log sigmoid(x) = −log(1 + e⁻ˣ)", arguments: softplusValues)
  func logSigmoidIsGolden(minusX: Double, exact: Double) {
    #expect(relativeError(logSigmoid(-minusX), -exact) <= 2 * ulp)
  }

  static let sigmoidValues: [(Double, Double)] = [
    (-1e4, 0), (-745, .leastNonzeroMagnitude), (-40, 4.2483542552915890e-18),
    (-1.5, 0.18242552380635634),
    (-1e-9, 0.49999999975), (0, 0.5), (0.3, 0.57444251681165898), (1, 0.73105857863000488),
    (36.5, 0.99999999999999986), (710, 1), (1e4, 1), (-.infinity, 0), (.infinity, 1),
  ]

  @Test("1 / (1 + e⁻ˣ) from −∞ to ∞", arguments: sigmoidValues)
  func sigmoidIsGolden(x: Double, exact: Double) {
    #expect(relativeError(sigmoid(x), exact) <= 2 * ulp)
  }

  @Test("sigmoid(x) + sigmoid(−x) = 1, and softplus(x) − softplus(−x) = x")
  func symmetry() {
    for x in stride(from: -60, through: 60, by: 0.37) {
      #expect(abs(sigmoid(x) + sigmoid(-x) - 1) <= ulp)
      #expect(abs(softplus(x) - softplus(-x) - x) <= abs(x) * ulp)
    }
  }

  @Test("not a number stays not a number")
  func notANumber() {
    #expect(softplus(.nan).isNaN && sigmoid(.nan).isNaN && logSigmoid(.nan).isNaN)
  }
}
