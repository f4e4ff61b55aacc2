import Foundation
import Testing
import TinyNumerics

@Suite("grid quadrature")
struct GridTests {
  private let rootTwoPi = 2.5066282746310005

  @Test("nodes are the middles of the cells; the shifted ones their right edges")
  func nodes() {
    let grid = Grid(over: -1...3, count: 4)
    #expect(grid.spacing == 1)
    #expect((0..<4).map { grid.node($0) } == [-0.5, 0.5, 1.5, 2.5])
    #expect((0..<4).map { grid.node($0, shifted: true) } == [0, 1, 2, 3])
  }

  @Test("a Gaussian on a fine grid: √2π to rounding, and the error says so")
  func fineGaussian() {
    let integral = Grid(over: -12...12, count: 40).integrate { exp(-0.5 * $0 * $0) }
    #expect(relativeError(integral.value, rootTwoPi) <= 16 * ulp)
    #expect(integral.error <= 16 * ulp)
  }

  @Test("a Gaussian at two standard deviations a cell: value and error, golden")
  func coarseGaussian() {
    // mpmath: a, b = [2*sum(npdf…) at -9, -7, …, 9 and at -8, -6, …, 10]; (a+b)/2 and abs(a-b)/2.
    // By Poisson's formula the error is 2√2π e^{−2π²/h²} = 0.03605 at h = 2.
    let integral = Grid(over: -10...10, count: 10).integrate { exp(-0.5 * $0 * $0) }
    #expect(relativeError(integral.value, 2.5066282880429055) <= 16 * ulp)
    #expect(abs(integral.error - 0.036054756335124906) <= 32 * ulp)
    #expect(abs(integral.value - rootTwoPi) <= integral.error)
  }

  @Test(
    "the error brackets the truth, wherever a peak lies between the nodes",
    arguments: [
      1.0, 1.5, 2, 2.5, 3,
    ])
  func peaksAnywhere(spacing: Double) {
    let grid = Grid(over: (-20 * spacing)...(20 * spacing), count: 40)
    for eighth in [0, 0.5, 1, 1.5, 2.5, 3, 3.5, 4, 6.5, 7.5] {
      let center = eighth / 8 * spacing
      let integral = grid.integrate { exp(-0.5 * ($0 - center) * ($0 - center)) }
      #expect(abs(integral.value - rootTwoPi) <= integral.error + 64 * ulp)
      #expect(integral.error > 0.1 * exp(-2 * .pi * .pi / (spacing * spacing)))
    }
  }

  @Test(
    "the blind spot: an unresolved peak at a quarter of a cell is misjudged, a resolved one not")
  func blindSpot() {
    func integral(cells: Int, width: Double) -> Integral {
      let center = 0.25 * 20 / Double(cells)
      let peak = Normal(mean: center, standardDeviation: width)
      return Grid(over: -10...10, count: cells).integrate(peak.density)
    }
    // Nodes at ±¼ and ±¾ of a spacing of 10σ: 10 (φ(2.5) + φ(7.5)) = 0.17528300493811969 by mpmath.
    let unresolved = integral(cells: 20, width: 0.1)
    #expect(abs(unresolved.value - 0.17528300493811969) <= 1e-14)
    #expect(unresolved.error <= 16 * ulp)
    let resolved = integral(cells: 20, width: 0.8)
    #expect(abs(resolved.value - 1) <= 64 * ulp)
  }

  @Test("a kink leaves an error of order h², and the estimate sees it", arguments: [10, 40, 160])
  func kink(cellsAUnit: Int) {
    // A slope that jumps by 2 at phase θ of a cell: half the difference of the two sums is
    // h² |¼ − θ| / 2 for θ in [0, ½], by the second Bernoulli polynomial.
    let h = 1 / Double(cellsAUnit)
    for phase in [0, 0.1, 0.5, 0.6, 0.9] {
      let c = phase * h
      let grid = Grid(over: -7...7, count: 14 * cellsAUnit)
      let integral = grid.integrate { abs($0 - c) * exp(-($0 - c) * ($0 - c)) }
      #expect(abs(integral.value - 1) <= integral.error)
      #expect(integral.error > 0.05 * h * h)
    }
  }

  @Test("an integrand that has not died out at the ends: ∫₀¹ x² = ⅓, error (h + h²/2)/4")
  func openEnds() {
    // The middles give ⅓ − h²/12, the right edges ⅓ + h/2 + h²/6.
    let integral = Grid(over: 0...1, count: 10).integrate { $0 * $0 }
    #expect(abs(integral.value - (1.0 / 3 + 0.025 + 0.01 / 24)) <= 4 * ulp)
    #expect(abs(integral.error - (0.025 + 0.00125)) <= 4 * ulp)
    #expect(abs(integral.value - 1.0 / 3) <= integral.error)
  }

  @Test("a constant is exact, on one cell, and on none")
  func constants() {
    #expect(
      Grid(over: 2...5, count: 1).integrate { _ in 2 }
        == Integral(value: 6, error: 0, evaluations: 2))
    #expect(
      Grid(over: 2...2, count: 3).integrate { $0 }
        == Integral(value: 0, error: 0, evaluations: 6))
  }

  @Test("an infinite or undefined value is not hidden")
  func infinities() {
    let grid = Grid(over: 0...1, count: 4)
    #expect(grid.integrate { _ in .infinity }.value == .infinity)
    #expect(!grid.integrate { _ in .infinity }.error.isFinite)
    #expect(grid.integrate { $0 > 0.9 ? .nan : 1 }.value.isNaN)
  }

  @Test("two dimensions: ∬ e^{−(x² + xy + y²)} = 2π/√3")
  func correlatedGaussian() {
    let fine = Grid(over: -9...9, count: 60).integrate(with: Grid(over: -9.5...9.5, count: 70)) {
      exp(-($0 * $0 + $0 * $1 + $1 * $1))
    }
    #expect(relativeError(fine.value, 3.6275987284684357) <= 32 * ulp)
    #expect(fine.error <= 32 * ulp)
    let coarse = Grid(over: -9...9, count: 10).integrate(with: Grid(over: -9.5...9.5, count: 12)) {
      exp(-($0 * $0 + $0 * $1 + $1 * $1))
    }
    #expect(coarse.error > 1e-4)
    #expect(abs(coarse.value - 3.6275987284684357) <= coarse.error)
  }

  @Test("two dimensions: ∫₀¹ dx ∫₀² dy x y² = 4/3, x from this grid and y from the other")
  func axes() {
    let integral = Grid(over: 0...1, count: 50).integrate(with: Grid(over: 0...2, count: 80)) {
      $0 * $1 * $1
    }
    // Sums of x: ½ and ½ + h/2; of y²: 8/3 − h²/6 and 8/3 + 2h + h²/3 (spacings 1/50 and 1/40).
    let plain = 0.5 * (8.0 / 3 - 1.0 / 9600)
    let shifted = (0.5 + 0.01) * (8.0 / 3 + 0.05 + 1.0 / 4800)
    #expect(abs(integral.value - (plain + shifted) / 2) <= 64 * ulp)
    #expect(abs(integral.error - (shifted - plain) / 2) <= 64 * ulp)
    #expect(abs(integral.value - 4.0 / 3) <= integral.error)
  }

  @Test("no cells and infinite bounds are refused")
  func preconditions() async {
    await #expect(processExitsWith: .failure) { _ = Grid(over: 0...1, count: 0) }
    await #expect(processExitsWith: .failure) { _ = Grid(over: 0...(.infinity), count: 3) }
  }
}
