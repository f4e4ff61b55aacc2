import Foundation
import ImageModels
import Testing
import TinyNetworks

@testable import TinyNumerics
@testable import chapter6

/// Central differences of a function of several numbers.
func differences(
  at point: [Double], step h: Double = 1e-5, _ f: ([Double]) -> Double
) -> [Double] {
  point.indices.map { i in
    var (up, down) = (point, point)
    up[i] += h
    down[i] -= h
    return (f(up) - f(down)) / (2 * h)
  }
}

/// A random linear VAE whose parameters are all of order 1.
private func randomVAE(
  _ j: Int, _ d: Int, using generator: inout Threefry
) -> LinearVAE {
  var vae = LinearVAE(
    dataDimension: j, latentDimension: d, noise: 0.7, scale: 0.8, using: &generator)
  vae.logVariance = (0..<d).map { _ in 0.5 * generator.normal() }
  return vae
}

private func randomData(_ count: Int, _ j: Int, using generator: inout Threefry) -> Rows<Double> {
  let mixing = Matrix(rows: j, columns: j) { _, _ in generator.normal() }
  return Rows((0..<count).map { _ in mixing * (0..<j).map { _ in generator.normal() } })
}

@Suite("eq. 6.5: a linear VAE is probabilistic PCA")
struct LinearVAETests {
  private func digits() throws -> LinearStudy {
    LinearStudy(try Dataset.digits().training, seed: 1)
  }

  /// −½(64 log 2π + Σ log λ + 62 log σ² + 64) with numpy's `eigvalsh` of `cov(x.T, bias=True)`.
  @Test("eq. 6.5: golden maximum and σ² of the training digits over 16")
  func golden() throws {
    let exact = ProbabilisticPCA(covariance: try digits().covariance, dimension: 2)
    #expect(abs(exact.maximum + 0.01561175802964243) < 1e-11)
    #expect(abs(exact.noise - 0.054163176908975215) < 1e-15)
    #expect(abs(exact.eigen.eigenvalues[0] - 0.69570813) < 1e-8)
    #expect(abs(exact.eigen.eigenvalues[1] - 0.63550454) < 1e-8)
  }

  @Test("eq. 6.5: every check of the section, other seeds", arguments: [2, 3, 4] as [UInt64])
  func digitsOtherSeeds(seed: UInt64) throws {
    let fit = LinearFit(LinearStudy(try Dataset.digits().training, seed: seed))
    for check in fit.checks { #expect(check.holds, "\(check)") }
    #expect(fit.angleAllowance < 1e-5)
    // sampled training is no excuse for a bad model
    #expect(fit.exact.maximum - fit.sampledELBO < 0.5)
    #expect(fit.exact.maximum - fit.sampledELBO > 1e-3)
  }

  /// E log p(x|z) under q by a product of two-node Gauss–Hermite rules, exact for a quadratic.
  @Test("eq. 6.5: the objective is E_q[log p(x|z)] − β KL, image by image", arguments: [1, 2.5])
  func objectiveByDefinition(beta: Double) {
    var generator = Threefry(seed: 65)
    let data = randomData(7, 4, using: &generator)
    let (centre, s) = covariance(of: data)
    let vae = randomVAE(4, 2, using: &generator)
    var sum = 0.0
    for row in data {
      let x = zip(row, centre).map(-)
      let q = vae.guide(for: x)
      for signs in [[1.0, 1], [1, -1], [-1, 1], [-1, -1]] {
        let z = (0..<2).map { q.mean[$0] + signs[$0] * q.standardDeviation[$0] }
        let mean = vae.weights * z
        let p = DiagonalGaussian(
          mean: mean, standardDeviation: mean.map { _ in vae.noise.squareRoot() })
        sum += 0.25 * p.logDensity(x)
      }
      sum -= beta * klDivergence(q, relativeTo: .standard(dimension: 2))
    }
    #expect(abs(vae.objective(covariance: s, beta: beta).value - sum / 7) < 1e-12)
  }

  @Test("eq. 6.5: the gradient against central differences", arguments: [1, 2.5])
  func gradient(beta: Double) {
    var generator = Threefry(seed: 66)
    let s = covariance(of: randomData(9, 4, using: &generator)).covariance
    let vae = randomVAE(4, 3, using: &generator)
    let expected = differences(at: vae.parameters) { numbers in
      var moved = vae
      moved.parameters = numbers
      return moved.objective(covariance: s, beta: beta).value
    }
    let gradient = vae.objective(covariance: s, beta: beta).gradient
    #expect(gradient.count == 2 * 4 * 3 + 3 + 1)
    for (a, b) in zip(gradient, expected) { #expect(abs(a - b) < 1e-7 * (1 + abs(b))) }
  }

  @Test("eq. 6.5: maximum, plane, σ², aligned columns", arguments: 1...6 as ClosedRange<UInt64>)
  func reachesTheMaximum(seed: UInt64) {
    var generator = Threefry(seed: seed, stream: 65)
    let s = covariance(of: randomData(40, 5, using: &generator)).covariance
    let exact = ProbabilisticPCA(covariance: s, dimension: 2)
    let start = randomVAE(5, 2, using: &generator)
    #expect(start.objective(covariance: s).value < start.logLikelihood(covariance: s))
    #expect(start.logLikelihood(covariance: s) < exact.maximum)
    let (vae, ascent) = start.maximised(covariance: s)
    #expect(abs(ascent.value - exact.maximum) < 1e-10)
    #expect(abs(vae.logLikelihood(covariance: s) - exact.maximum) < 1e-10)
    #expect(abs(vae.noise - exact.noise) < 1e-6 * exact.noise)
    #expect(exact.largestAngle(to: vae.weights) < 1e-5)
    // a diagonal guide is the posterior only where the columns of W are orthogonal: λ_d − σ² on the
    // diagonal
    let gram = vae.weights.transpose * vae.weights
    #expect(abs(gram[0, 1]) < 1e-4)
    let lengths = gram.diagonal.sorted(by: >)
    for d in 0..<2 {
      #expect(abs(lengths[d] - exact.eigen.eigenvalues[d] + exact.noise) < 1e-4)
    }
  }

  /// W = U (Λ − σ²)^{½}: Tipping and Bishop's equation (7), without rotation.
  @Test("eq. 6.5: the closed form is the log-likelihood of its own model, and none is higher")
  func closedForm() {
    var generator = Threefry(seed: 67)
    let s = covariance(of: randomData(30, 6, using: &generator)).covariance
    let exact = ProbabilisticPCA(covariance: s, dimension: 3)
    var vae = randomVAE(6, 3, using: &generator)
    let lengths = exact.eigen.eigenvalues.prefix(3).map { ($0 - exact.noise).squareRoot() }
    vae.weights = exact.directions * .diagonal(lengths)
    vae.logNoise = log(exact.noise)
    #expect(abs(vae.logLikelihood(covariance: s) - exact.maximum) < 1e-12)
    for _ in 0..<20 {
      var other = vae
      other.weights =
        other.weights + Matrix(rows: 6, columns: 3) { _, _ in 0.05 * generator.normal() }
      other.logNoise += 0.05 * generator.normal()
      #expect(other.logLikelihood(covariance: s) < exact.maximum)
    }
  }

  @Test("eq. 6.5: principal angles by hand", arguments: [0, 1e-9, 0.3, 1.2])
  func angles(angle: Double) {
    // eigenvectors e₁, e₂; the plane of W is that of e₁ and of e₂ turned towards e₃
    let exact = ProbabilisticPCA(covariance: .diagonal([3, 2, 1, 0.5]), dimension: 2)
    let turned = Matrix([
      [2, 1], [-3 * cos(angle), cos(angle)], [-3 * sin(angle), sin(angle)], [0, 0],
    ])
    #expect(abs(exact.largestAngle(to: turned) - angle) < 1e-14)
  }

  @Test("covariance over N, and the mean, by hand; 2 × 2 means")
  func moments() {
    let (mean, s) = covariance(of: Rows([[1, 2], [3, 6], [5, 4]]))
    #expect(mean == [3, 4])
    let expected = Matrix([[8.0 / 3, 4.0 / 3], [4.0 / 3, 8.0 / 3]])
    for i in 0..<2 { for j in 0..<2 { #expect(abs(s[i, j] - expected[i, j]) < 1e-15) } }
    // level 16 at the pixels (0, 0), (0, 1), (1, 1) and (7, 6)
    var image = [UInt8](repeating: 0, count: 64)
    for pixel in [0, 1, 9, 62] { image[pixel] = 16 }
    let small = halved(image)
    #expect(small.count == 16 && small[0] == 0.75 && small[15] == 0.25)
    #expect(small.reduce(0, +) == 1)
  }

  /// The draw is a quadratic in ε, so that the mean over ε = (±1, ±1) is its expectation.
  @Test("eq. 6.5: one draw is unbiased, value and gradient")
  func sampled() {
    var generator = Threefry(seed: 68)
    let vae = randomVAE(4, 2, using: &generator)
    let x = (0..<4).map { _ in generator.normal() }
    let s = Matrix(rows: 4, columns: 4) { x[$0] * x[$1] }
    let exact = vae.objective(covariance: s)
    let draws = [[1.0, 1], [1, -1], [-1, 1], [-1, -1]].map {
      vae.sampledGradient(Matrix([x]), noise: Matrix([$0]))
    }
    #expect(abs(mean(draws.map(\.value)) - exact.value) < 1e-12)
    for i in exact.gradient.indices {
      #expect(abs(mean(draws.map { $0.gradient[i] }) - exact.gradient[i]) < 1e-12)
    }
  }

  @Test("eq. 6.5: a draw's gradient is its value's, for a batch with frozen noise")
  func sampledGradient() {
    var generator = Threefry(seed: 69)
    let vae = randomVAE(3, 2, using: &generator)
    let x = Matrix(rows: 5, columns: 3) { _, _ in generator.normal() }
    let noise = Matrix(rows: 5, columns: 2) { _, _ in generator.normal() }
    let expected = differences(at: vae.parameters) { numbers in
      var moved = vae
      moved.parameters = numbers
      return moved.sampledGradient(x, noise: noise).value
    }
    for (a, b) in zip(vae.sampledGradient(x, noise: noise).gradient, expected) {
      #expect(abs(a - b) < 1e-7 * (1 + abs(b)))
    }
  }
}

@Suite("eq. 6.12: collapse, exactly")
struct LinearCollapseTests {
  @Test("eq. 6.12: the formula at numbers one can do by hand")
  func formula() {
    let exact = ProbabilisticPCA(covariance: .diagonal([4, 2, 1, 0.5]), dimension: 3)
    #expect(abs(exact.divergence(ofUnit: 0, noise: 1, beta: 1) - log(2)) < 1e-15)
    #expect(abs(exact.divergence(ofUnit: 0, noise: 0.5, beta: 2) - log(2)) < 1e-15)
    #expect(exact.divergence(ofUnit: 1, noise: 1, beta: 2) == 0)
    #expect(exact.divergence(ofUnit: 2, noise: 1, beta: 4) == 0)
  }

  /// Units that are to live and units that are to die, none within 5% of the brink.
  @Test("eq. 6.12: optima of random covariances", arguments: [1, 2, 4, 7], [1, 2] as [UInt64])
  func optima(beta: Double, seed: UInt64) {
    var generator = Threefry(seed: seed, stream: 612)
    let eigenvalues = [5.3, 3.3, 1.5, 0.6, 0.2]
    let rotation = SymmetricEigen(
      covariance(of: randomData(20, 5, using: &generator)).covariance
    ).eigenvectors
    let s = rotation * .diagonal(eigenvalues) * rotation.transpose
    let start = LinearVAE(
      dataDimension: 5, latentDimension: 4, noise: 0.5, using: &generator)
    let (vae, ascent) = start.maximised(covariance: s, beta: beta, noiseIsFixed: true)
    #expect(ascent.gradientNorm < 1e-6 && vae.noise == exp(log(0.5)))
    let spread = vae.encoder * s * vae.encoder.transpose
    let divergences = (0..<4).map { d in
      0.5 * (spread[d, d] + exp(vae.logVariance[d]) - 1 - vae.logVariance[d])
    }.sorted(by: >)
    for i in 0..<4 {
      #expect(abs(divergences[i] - 0.5 * max(0, log(eigenvalues[i] / (beta * 0.5)))) < 1e-5)
    }
  }

  @Test("eq. 6.12: the digits, other seeds and β; no β gives more KL than a smaller one")
  func digits() throws {
    for seed in [2, 3] as [UInt64] {
      let collapse = LinearCollapse(
        LinearStudy(try Dataset.digits().training, seed: seed))
      let optima = [0.5, 1.5, 3, 9].map { collapse.optimum(beta: $0) }
      for optimum in optima {
        #expect(optimum.allowance < 1e-6)
        for i in 0..<6 {
          #expect(abs(optimum.divergences[i] - optimum.expected[i]) <= optimum.allowance)
        }
      }
      #expect(optima[3].divergences[0] < 1e-9 && optima[0].divergences[5] > 0.6)
      let totals = optima.map { $0.divergences.reduce(0, +) }
      #expect(zip(totals, totals.dropFirst()).allSatisfy { $0 > $1 })
      // β = 1 is the ELBO's own optimum
      let best = collapse.optimum(beta: 1).elbo
      #expect(optima.allSatisfy { $0.elbo < best })
    }
  }
}
