import Foundation
import Testing
import TinyNumerics

@Suite("BFGS ascent")
struct AscentTests {
  @Test("a quadratic in ten variables of condition 10⁴: the maximum is the solution of Ax = b")
  func quadratic() throws {
    var generator = Threefry(seed: 11)
    let v = SymmetricEigen(randomSymmetric(10, using: &generator)).eigenvectors
    let a = v * .diagonal((0..<10).map { pow(10, Double($0) * 4 / 9) }) * v.transpose
    let b = (0..<10).map { _ in generator.normal() }
    let top = try #require(Cholesky(a)).solve(b)
    let ascent = maximise(from: Array(repeating: 1, count: 10), tolerance: 1e-9) { x in
      let gradient = zip(b, a * x).map(-)
      return (dot(b, x) - 0.5 * dot(x, a * x), gradient)
    }
    #expect(ascent.converged && ascent.iterations < 100)
    // ‖x − x*‖ ≤ ‖gradient‖ / smallest eigenvalue, which is 1
    let distance = zip(ascent.point, top).map(-)
    #expect(dot(distance, distance).squareRoot() <= 1e-9 + 1e4 * 10 * ulp)
    #expect(ascent.gradientNorm <= 1e-9)
  }

  private func rosenbrock(_ x: [Double]) -> (value: Double, gradient: [Double]) {
    let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
    return (-a * a - 100 * b * b, [2 * a + 400 * x[0] * b, -200 * b])
  }

  @Test(
    "Rosenbrock's valley, from several places",
    arguments: [[-1.2, 1], [0, 0], [5, -5], [-30, 2]])
  func valley(start: [Double]) {
    let ascent = maximise(from: start, rosenbrock)
    #expect(ascent.converged && ascent.iterations < 200)
    // the flattest curvature at the top is 0.4
    #expect(abs(ascent.point[0] - 1) <= 3e-8 && abs(ascent.point[1] - 1) <= 6e-8)
  }

  @Test("of several maxima, the one uphill; the best of several starts is the highest")
  func severalMaxima() throws {
    // sin x − x²/50: maxima near π/2 + 2πk, the highest at cos x = x/25
    let ends = [-12.0, -5, 1, 8, 14].map { start in
      maximise(from: [start]) { (sin($0[0]) - $0[0] * $0[0] / 50, [cos($0[0]) - $0[0] / 25]) }
    }
    #expect(ends.allSatisfy { $0.converged })
    #expect(Set(ends.map { Int($0.point[0].rounded()) }).count >= 3)
    let best = try #require(ends.max { $0.value < $1.value })
    // python3: `mpmath.findroot(lambda x: cos(x) - x / 25, 1.5)`
    #expect(abs(best.point[0] - 1.5103456887166398) <= 2e-8)
    #expect(abs(best.value - 0.95255053452835077) <= 4 * ulp)
  }

  @Test("beyond the domain the step is shortened")
  func fence() {
    // log x − x: NaN below 0; from 1e-3 the first step along the gradient is about 1000
    let entropy = maximise(from: [1e-3, 20]) { x in
      (x.reduce(0) { $0 + log($1) - $1 }, x.map { 1 / $0 - 1 })
    }
    #expect(entropy.converged)
    #expect(entropy.point.allSatisfy { abs($0 - 1) <= 1e-7 })
    // −∞ outside of |x| < 1
    let barrier = maximise(from: [-0.99]) { x in
      abs(x[0]) < 1
        ? (log(1 - x[0] * x[0]) + x[0], [1 - 2 * x[0] / (1 - x[0] * x[0])]) : (-.infinity, [0])
    }
    #expect(barrier.converged && abs(barrier.point[0] - (2.0.squareRoot() - 1)) <= 1e-7)
  }

  @Test("it ends where there is no maximum, and says that it has not converged")
  func noMaximum() {
    let slope = maximise(from: [0]) { ($0[0], [1]) }
    #expect(!slope.converged)
    let explosion = maximise(from: [0]) { (exp($0[0]), [exp($0[0])]) }
    #expect(!explosion.converged && explosion.value.isFinite)
    // the value cannot rise along what is claimed to be its gradient
    let wrong = maximise(from: [3]) { (-$0[0] * $0[0], [2 * $0[0]]) }
    #expect(!wrong.converged && wrong.value == -9)
    let tired = maximise(from: [-1.2, 1], iterations: 3, rosenbrock)
    #expect(!tired.converged && tired.iterations == 3 && tired.value > rosenbrock([-1.2, 1]).value)
    for value in [Double.nan, .infinity, -.infinity] {
      let lost = maximise(from: [1]) { _ in (value, [0]) }
      #expect(!lost.converged && lost.iterations == 0 && lost.point == [1])
    }
    let uphill = maximise(from: [1]) { x in (x[0], [.nan]) }
    #expect(!uphill.converged)
  }

  @Test("already there; flat; no variables")
  func edges() {
    let there = maximise(from: [1, 1], rosenbrock)
    #expect(there.converged && there.iterations == 0 && there.point == [1, 1])
    let flat = maximise(from: [4]) { _ in (7, [0]) }
    #expect(flat.converged && flat.value == 7 && flat.point == [4])
    #expect(maximise(from: []) { _ in (1, []) }.converged)
  }

  @Test("a large constant in the value, beside which the last rises are lost, does no harm")
  func offset() {
    var generator = Threefry(seed: 12)
    for _ in 0..<100 {
      let ascent = maximise(from: [generator.normal(), generator.normal()]) { x in
        let (value, gradient) = rosenbrock(x)
        return (value - 1e6, gradient)
      }
      #expect(ascent.converged && abs(ascent.point[0] - 1) <= 3e-8)
    }
  }

  @Test("the same start gives the same bits")
  func deterministic() {
    #expect(maximise(from: [-1.2, 1], rosenbrock) == maximise(from: [-1.2, 1], rosenbrock))
  }
}
