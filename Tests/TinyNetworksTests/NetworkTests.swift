import Foundation
import Testing

@testable import TinyNetworks
@testable import TinyNumerics

@Suite("dense network and Adam")
struct NetworkTests {
  @Test("a network with known parameters, by hand")
  func knownOutput() {
    var generator = Threefry(seed: 1)
    var network = DenseNetwork<Double>(widths: [2, 2, 1], activation: .tanh, using: &generator)
    // W₁ = (1 2; 3 4), b₁ = (0.5, −0.5), W₂ = (2; −1), b₂ = 0.25
    network.parameters = [1, 2, 3, 4, 0.5, -0.5, 2, -1, 0.25]
    let y = network(Rows([[0.1, -0.2], [0, 0]])).numbers
    // Row 1: S = (0.1 − 0.6 + 0.5, 0.2 − 0.8 − 0.5) = (0, −1.1)
    #expect(abs(y[0] - (0.25 + 2 * Foundation.tanh(0) - Foundation.tanh(-1.1))) < 1e-15)
    #expect(abs(y[1] - (0.25 + 2 * Foundation.tanh(0.5) - Foundation.tanh(-0.5))) < 1e-15)
  }

  @Test("the first parameters are uniform on ±1/√fan-in")
  func initialRange() {
    var generator = Threefry(seed: 2)
    let network = DenseNetwork<Float>(widths: [100, 50, 4], activation: .relu, using: &generator)
    #expect(network.parameterCount == 101 * 50 + 51 * 4)
    #expect(network.parameters.count == network.parameterCount)
    let first = network.parameters.prefix(101 * 50)
    #expect(first.allSatisfy { abs($0) <= 0.1 })
    // The variance of a uniform on ±a is a²/3; 5050 draws give it to 5 · √(4/5)/√5050 = 6%.
    let variance = first.reduce(0) { $0 + Double($1 * $1) } / 5050
    #expect(abs(variance / (0.01 / 3) - 1) < 0.063)
    #expect(network.parameters.suffix(51 * 4).contains { abs($0) > 0.1 })
  }

  /// Golden: PyTorch 2.15, `torch.optim.Adam([p], lr=0.1)` on the loss p[0]² + 3·p[1]², double
  /// precision, from (1, −2), three steps.
  @Test("Adam's first steps")
  func adam() {
    var p = [1.0, -2.0]
    var adam = Adam<Double>(parameterCount: 2, learningRate: 0.1)
    for _ in 0..<3 { adam.descend(&p, gradient: [2 * p[0], 6 * p[1]]) }
    #expect(abs(p[0] - 0.7015862729460302) < 1e-12)
    #expect(abs(p[1] - (-1.7006233915360325)) < 1e-12)
  }

  @Test("training does not depend on how the shards are run, and repeats itself to the bit")
  func deterministic() {
    func trained() -> [Float] {
      var generator = Threefry(seed: 3)
      let model = VariationalAutoencoder<Float>(
        dataWidth: 9, hidden: [5], latentDimension: 2, activation: .softplus,
        likelihood: .bernoulli, using: &generator)
      let data = Rows(
        (0..<9 * 31).map { _ in Float(generator.uniform() < 0.3 ? 1 : 0) }, width: 9)
      var trainer = Trainer(model, batchSize: 7, learningRate: 0.01, seed: 4)
      for _ in 0..<5 {
        _ = trainer.epoch(over: data)
        _ = trainer.evaluate(data)
      }
      return trainer.model.encoder.parameters + trainer.model.decoder.network.parameters
    }
    #expect(trained() == trained())
  }

  @Test("looking at held-out data does not change the training")
  func evaluationIsInert() {
    var generator = Threefry(seed: 3)
    let model = VariationalAutoencoder<Float>(
      dataWidth: 4, hidden: [3], latentDimension: 1, activation: .tanh, likelihood: .bernoulli,
      using: &generator)
    let data = Rows((0..<40).map { _ in Float(generator.uniform() < 0.3 ? 1 : 0) }, width: 4)
    var looked = Trainer(model, batchSize: 3, learningRate: 0.01, seed: 4)
    var blind = Trainer(model, batchSize: 3, learningRate: 0.01, seed: 4)
    for _ in 0..<3 {
      _ = looked.epoch(over: data)
      _ = looked.evaluate(data)
      _ = blind.epoch(over: data)
    }
    #expect(
      looked.model.decoder.network.parameters == blind.model.decoder.network.parameters)
  }
}
