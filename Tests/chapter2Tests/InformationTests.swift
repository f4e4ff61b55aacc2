import Testing

@testable import TinyNumerics
@testable import ToyModels
@testable import chapter2

@Suite("eq. 2.13: on average the posterior is the prior")
struct InformationTests {
  @Test("eq. 2.13: linear-Gaussian models at random", arguments: 1...8)
  func linear(seed: Int) {
    var generator = Threefry(seed: UInt64(800 + seed))
    for (d, j) in [(1, 1), (2, 3), (3, 2)] {
      let model = randomLinear(d, j, using: &generator)
      let average = averagedPosterior(of: model)
      for a in 0..<d {
        #expect(abs(average.mean[a]) < 1e-12)
        for b in 0..<d { #expect(abs(average.covariance[a, b] - (a == b ? 1 : 0)) < 1e-12) }
      }
      let entropies = model.marginal.entropy - model.noise.entropy
      #expect(abs(information(of: model) - entropies) < 1e-12 && entropies > 0)
    }
    // NumPy: log(det(W @ W.T + S) / det(S)) / 2
    #expect(abs(information(of: .line) - 1.142283293745684) < 1e-13)
  }

  /// NumPy, 300² nodes of x and 4,096 of z.
  @Test("eq. 2.13: the neural model: 1.843 nats, and the prior at every z")
  func neural() {
    let side = Grid(over: NeuralModel.plane.first.bounds, count: 100)
    let plane = PlaneDensity(marginalOf: NeuralModel.example.decode, first: side, second: side)
    let average = AveragedPosterior(of: .example, over: plane)
    #expect(abs(average.information.value - 1.843041232136377) < 1e-10)
    for (z, density) in average.posterior {
      #expect(abs(density.value - Normal.standard.density(z)) < 1e-11)
    }
  }

  @Test("eq. 2.13: mixtures at random: classes keep their probabilities", arguments: 1...4)
  func mixture(seed: Int) {
    var generator = Threefry(seed: UInt64(820 + seed))
    let model = randomMixture(using: &generator)
    for z in 0..<4 {
      let average = expectation(overDataOf: model) { x, _ in
        model.posterior(given: x).probabilities[z]
      }
      #expect(abs(average.value - model.prior.probabilities[z]) < 1e-10)
    }
  }
}
