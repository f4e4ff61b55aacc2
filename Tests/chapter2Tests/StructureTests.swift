import Foundation
import Testing

@testable import TinyNumerics
@testable import ToyModels
@testable import chapter2

@Suite("eq. 2.7: the posterior factorises over data points")
struct FactorisationTests {
  @Test("eq. 2.7: all joint states of mixtures at random", arguments: 1...6)
  func mixtures(seed: Int) {
    var generator = Threefry(seed: UInt64(500 + seed))
    let model = randomMixture(using: &generator)
    let data = (0..<4).map { _ in model.sample(using: &generator).x }
    let joint = JointMixture(model, at: data)
    #expect(joint.posterior.count == 256)
    #expect(abs(joint.posterior.reduce(0, +) - 1) < 1e-12)
    let sum = data.reduce(0) { $0 + model.logEvidence(of: $1).value }
    #expect(abs(joint.logEvidence - sum) < rounding(sum, 1))
    let factors = data.map(model.posterior)
    #expect(joint.distanceFromProduct(factors) < 1e-13)
    // The posteriors of the points in another order are not the posterior.
    #expect(joint.distanceFromProduct(factors.reversed()) > 1e-4)
  }

  @Test("eq. 2.7: a state's classes are its digits")
  func assignment() {
    #expect(JointMixture.assignment(5, classes: 3, points: 3) == [2, 1, 0])
    #expect(JointMixture.assignment(26, classes: 3, points: 3) == [2, 2, 2])
  }

  @Test("eq. 2.7: linear-Gaussian models side by side; an unknown in common couples them")
  func stackedModels() {
    var generator = Threefry(seed: 510)
    let model = randomLinear(2, 3, using: &generator)
    let data = (0..<3).map { _ in model.sample(using: &generator).x }
    let whole = stacked(model, copies: 3)
    let posterior = whole.posterior(given: data.flatMap { $0 })
    for i in 0..<3 {
      let own = model.posterior(given: data[i])
      for a in 0..<2 {
        #expect(abs(posterior.mean[2 * i + a] - own.mean[a]) < 1e-12)
        for b in 0..<6 {
          let expected = b / 2 == i ? own.covariance[a, b % 2] : 0
          #expect(abs(posterior.covariance[2 * i + a, b] - expected) < 1e-13)
        }
      }
    }
    let shared = stacked(.line, copies: 3, sharedShift: 1)
    #expect(shared.latentDimension == 4)
    // Both sides of total covariance: the first coordinates of two points share the shift's
    // variance.
    #expect(abs(shared.marginal.covariance[0, 2] - 1) < 1e-14)
    #expect(abs(shared.marginal.covariance[1, 3]) < 1e-14)
    let coupled = shared.posterior(given: [1.5, 0, -1, 2, 0.3, 0.9])
    // mpmath: P = (I + WᵀΣ⁻¹W)⁻¹ of the four latents, -log(1 - P[0,1]**2 / (P[0,0] * P[1,1])) / 2
    #expect(abs(mutualInformation(0, 1, in: coupled) - 0.055287068469462261) < 1e-14)
    #expect(abs(informationThroughSharedShift(.line, copies: 3) - 0.055287068469462261) < 1e-14)
  }

  @Test(
    "eq. 2.7: mutual information of two coordinates = −½ log(1 − ρ²)", arguments: [0, 0.3, -0.9])
  func information(rho: Double) {
    let gaussian = Gaussian(
      mean: [0, 1, 2],
      covariance: Matrix([[4, 0.1, 2 * 3 * rho], [0.1, 1, 0.2], [2 * 3 * rho, 0.2, 9]]))
    let value = mutualInformation(0, 2, in: gaussian)
    #expect(abs(value + 0.5 * log(1 - rho * rho)) < 1e-13)
  }

  @Test("eq. 2.7: a double integral of the neural model = two single ones")
  func pairs() {
    for (a, b) in [(0, 1), (2, 3), (1, 1)] {
      let (x, y) = (neuralPoints[a], neuralPoints[b])
      let pair = logEvidenceOfPair(.example, x, y)
      let sum =
        NeuralModel.example.logEvidence(of: x).value + NeuralModel.example.logEvidence(of: y).value
      #expect(abs(pair.value - sum) <= pair.error + 1e-10 && pair.error < 1e-9)
      #expect(pair.evaluations == 2 * 512 * 512)
    }
  }
}

@Suite("eq. 2.8: intractable, measured")
struct DimensionsTests {
  @Test("eq. 2.8: nodes^D nodes are enough", arguments: [1, 2, 3])
  func grid(dimension: Int) {
    let model = LinearGaussianModel.chain(dimension)
    let x = model.unremarkableObservation
    let closed = model.logEvidence(of: x).value
    #expect(abs(logEvidenceOnGrid(of: model, at: x, nodes: 30) - closed) < 1e-9)
    #expect(abs(logEvidenceOnGrid(of: model, at: x, nodes: 16) - closed) < 1e-3)
    #expect(abs(logEvidenceOnGrid(of: model, at: x, nodes: 5) - closed) > 1e-2)
  }

  @Test(
    "eq. 2.8: the grid's error by Poisson's formula, for any nodes", arguments: [9, 12, 20])
  func poisson(nodes: Int) {
    for dimension in 1...2 {
      let model = LinearGaussianModel.chain(dimension)
      let x = model.unremarkableObservation
      let error =
        logEvidenceOnGrid(of: model, at: x, nodes: nodes) - model.logEvidence(of: x).value
      #expect(abs(gridError(of: model.posterior(given: x), nodes: nodes) - error) < 1e-11)
    }
  }

  @Test("eq. 2.8: all vectors of whole numbers, each once")
  func indices() {
    let all = multiIndices(-1..<2, dimension: 3)
    #expect(all.count == 27 && Set(all).count == 27)
    #expect(all.allSatisfy { $0.count == 3 && $0.allSatisfy { (-1...1).contains($0) } })
    #expect(multiIndices(0..<5, dimension: 0) == [[]])
  }

  @Test("eq. 2.8: a chain of length 3, entry by entry")
  func chain() {
    let model = LinearGaussianModel.chain(3)
    #expect(model.weights == Matrix([[1.2, 0, 0], [0.5, 1.2, 0], [0, 0.5, 1.2]]))
    #expect(model.noise.covariance == .diagonal([0.5, 0.5, 0.5]))
    let x = model.unremarkableObservation
    for (value, exact) in zip(x, [0.96, -0.56, 0.56]) { #expect(abs(value - exact) < 1e-15) }
  }

  @Test("eq. 2.8: the growth is exponential: the logarithm rises by nearly the same every time")
  func growth() {
    let logarithms = (8...16).map { dimension -> Double in
      let model = LinearGaussianModel.chain(dimension)
      return log(relativeMoment(2, of: model, at: model.unremarkableObservation))
    }
    let steps = zip(logarithms, logarithms.dropFirst()).map { $1 - $0 }
    #expect(steps.allSatisfy { abs($0 - steps[0]) < 1e-3 && $0 > 0.5 })
  }
}

@Suite("eq. 2.9: ancestral sampling")
struct TotalMomentsTests {
  /// By hand: −1 + 0.15 + 0.6; 0.245 + 0.075 + 0.288 + 0.5·1.75² + 0.3·0.75² + 0.2·3.25².
  /// The neural model by NumPy, 8,192 nodes over |z| ≤ 8.
  @Test("eq. 2.9: total mean and covariance, by hand and against values computed elsewhere")
  func golden() {
    let mixture = totalMoments(of: MixtureModel.example)
    #expect(abs(mixture.mean[0] + 0.25) < 1e-14)
    #expect(abs(mixture.covariance[0, 0] - 4.4205) < 1e-13)
    // W Wᵀ + Σ by hand: 1.5² + 0.5, −1.5·0.8 + 0.1, 0.8² + 0.3.
    let line = totalMoments(of: LinearGaussianModel.line)
    for ((i, j), exact) in [((0, 0), 2.75), ((0, 1), -1.1), ((1, 0), -1.1), ((1, 1), 0.94)] {
      #expect(abs(line.covariance[i, j] - exact) < 1e-15)
    }
    #expect(line.mean == [0.5, 1])
    let neural = totalMoments(NeuralModel.example.decode)
    let mean = [0.5516200834246876, 1.0955967642335793]
    let covariance = Matrix([
      [0.9195570572158258, 0.11120754161529525], [0.11120754161529525, 0.8314012005311083],
    ])
    for i in 0..<2 {
      #expect(abs(neural.mean[i] - mean[i]) < 1e-12)
      for j in 0..<2 { #expect(abs(neural.covariance[i, j] - covariance[i, j]) < 1e-12) }
    }
  }

  @Test("eq. 2.9: draws of models at random have those moments", arguments: 1...4)
  func sampled(seed: Int) {
    var generator = Threefry(seed: UInt64(600 + seed))
    func check<Model: LatentVariableModel>(
      _ model: Model, _ exact: Moments, _ coordinates: (Model.Observation) -> [Double]
    ) {
      let sampled = SampledMoments(
        of: model, around: exact.mean, draws: 20_000, using: &generator, coordinates: coordinates)
      for i in exact.mean.indices {
        #expect(standardErrorsOff(sampled.mean[i], exact.mean[i]) < 5)
        for j in 0...i {
          #expect(standardErrorsOff(sampled.products[i][j], exact.covariance[i, j]) < 5)
        }
      }
    }
    let mixture = randomMixture(using: &generator)
    check(mixture, totalMoments(of: mixture)) { [$0] }
    let linear = randomLinear(2, 3, using: &generator)
    check(linear, totalMoments(of: linear)) { $0 }
    check(NeuralModel.example, totalMoments(NeuralModel.example.decode)) { [$0.x, $0.y] }
  }
}

@Suite("eq. 2.10: the marginal on the plane")
struct MarginalPlaneTests {
  static let density = PlaneDensity(
    marginalOf: NeuralModel.example.decode, first: NeuralModel.plane.first,
    second: NeuralModel.plane.second)

  /// NumPy, 480² nodes of x and 8,192 of z: H(p) = 2.27250570360456, D(p‖g) = 0.42296408495884.
  @Test("eq. 2.10: mass 1, entropy and divergence against values computed elsewhere")
  func golden() {
    let density = MarginalPlaneTests.density
    #expect(abs(density.mass.value - 1) <= density.mass.error + 1e-12)
    let entropy = density.entropy
    #expect(abs(entropy.value - 2.27250570360456) <= entropy.error + 1e-11)
    let exact = totalMoments(NeuralModel.example.decode)
    let g = Gaussian(mean: exact.mean, covariance: exact.covariance)
    let divergence = density.divergence(from: g)
    #expect(abs(divergence.value - 0.42296408495884) <= divergence.error + 1e-11)
    #expect(divergence.error < 1e-9 && entropy.error < 1e-9)
    // Any other Gaussian is further away.
    let other = Gaussian(mean: [0.6, 1.1], covariance: 1.1 * exact.covariance)
    #expect(density.divergence(from: other).value > divergence.value + 1e-3)
  }

  @Test("eq. 2.10: matrix product = sum over nodes = double exponential rule, point by point")
  func pointwise() {
    let density = MarginalPlaneTests.density
    let table = DecoderTable(NeuralModel.example.decode, nodes: Grid(over: -8...8, count: 256))
    for (i, j) in [(90, 90), (60, 100), (110, 115), (100, 40)] {
      let x = SIMD2(density.first.node(i), density.second.node(j))
      let evidence = NeuralModel.example.logEvidence(of: x).value
      #expect(abs(log(density.value(i, j)) - evidence) < 1e-10)
      #expect(abs(log(table.density(x)) - evidence) < 1e-6)
    }
  }

  @Test("eq. 2.10: a table is the sum over all of its nodes, the first and the last included")
  func coarseTable() {
    let (model, nodes) = (NeuralModel.example, Grid(over: -1...2, count: 3))
    let table = DecoderTable(model.decode, nodes: nodes)
    for x in [SIMD2(0.48, 0.3), SIMD2(-3, -2), SIMD2(2, -0.5)] {
      let sum = (0..<3).reduce(0) { $0 + nodes.spacing * exp(model.logJoint(x, nodes.node($1))) }
      #expect(abs(table.density(x) / sum - 1) < 1e-13)
    }
  }

  @Test("eq. 2.10: moments from the plane = total expectation and variance")
  func moments() {
    let plane = MarginalPlaneTests.density.moments
    let exact = totalMoments(NeuralModel.example.decode)
    for i in 0..<2 {
      #expect(abs(plane.mean[i] - exact.mean[i]) < 1e-11)
      for j in 0..<2 { #expect(abs(plane.covariance[i, j] - exact.covariance[i, j]) < 1e-11) }
    }
  }

  @Test("eq. 2.10: on a Gaussian the plane's integrals are the closed forms")
  func control() {
    let p = Gaussian(mean: [0.5, -1], covariance: Matrix([[1, 0.4], [0.4, 0.6]]))
    let q = Gaussian(mean: [0, -0.8], covariance: Matrix([[1.5, 0], [0, 0.7]]))
    let grids = boxAround(p, halfWidth: 9, nodes: 80)
    let density = PlaneDensity(first: grids[0], second: grids[1]) { exp(p.logDensity([$0, $1])) }
    #expect(abs(density.mass.value - 1) < 1e-12)
    #expect(abs(density.entropy.value - p.entropy) < 1e-11)
    #expect(abs(density.divergence(from: q).value - klDivergence(q: p, p: q)) < 1e-11)
  }

  private func klDivergence(q: Gaussian, p: Gaussian) -> Double {
    TinyNumerics.klDivergence(q, relativeTo: p)
  }

  /// NumPy, 300² nodes of x and 4,096 of z.
  @Test("eq. 2.10: straightened, the decoder keeps its average mean and variance")
  func straightened() {
    let exact = totalMoments(NeuralModel.example.decode)
    for (mean, noise) in [(false, false), (true, false), (false, true), (true, true)] {
      let decode = Straightened(.example, mean: mean, noise: noise).decode
      let moments = totalMoments(decode)
      #expect(abs(moments.mean[0] - exact.mean[0]) < 1e-11)
      #expect(abs(moments.mean[1] - exact.mean[1]) < 1e-11)
      if !mean { #expect(abs(moments.covariance[0, 0] - exact.covariance[0, 0]) < 1e-11) }
      #expect((decode(1).logVariance == decode(-1).logVariance) == noise)
      let bend = decode(2).mean - 2 * decode(0).mean + decode(-2).mean
      #expect((abs(bend.x) + abs(bend.y) < 1e-12) == mean)
    }
    for (mean, noise, exact) in [
      (false, true, 0.392639580081553), (true, false, 0.065544327017735),
    ] {
      let decode = Straightened(.example, mean: mean, noise: noise).decode
      let plane = PlaneDensity(
        marginalOf: decode, first: NeuralModel.plane.first, second: NeuralModel.plane.second)
      let moments = totalMoments(decode)
      let g = Gaussian(mean: moments.mean, covariance: moments.covariance)
      #expect(abs(plane.divergence(from: g).value - exact) < 1e-10)
    }
  }

  @Test("eq. 2.10: the divergence by ancestral draws")
  func sampled() {
    var generator = Threefry(seed: 620)
    let exact = totalMoments(NeuralModel.example.decode)
    let g = Gaussian(mean: exact.mean, covariance: exact.covariance)
    let sampled = NeuralModel.example.divergenceEstimate(from: g, draws: 2_000, using: &generator)
    #expect(standardErrorsOff(sampled, 0.42296408495884) < 5)
  }
}
