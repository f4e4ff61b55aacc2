import Foundation
import Testing

@testable import TinyNetworks
@testable import TinyNumerics

/// The kernels' log p(x|z) and its gradient against plain sums, distribution by distribution, over
/// widths that are and are not whole vectors.
@Suite("eqs. 5.8, 6.7: likelihoods of the decoder's outputs")
struct LikelihoodTests {
  private struct Case {
    let likelihood: Likelihood
    let rows: Int
    let width: Int
    let outputs: [Double]
    let data: [Double]

    init(_ likelihood: Likelihood, rows: Int, width: Int) {
      var generator = Threefry(seed: 67, stream: UInt64(width))
      self.likelihood = likelihood
      (self.rows, self.width) = (rows, width)
      outputs = (0..<rows * width * likelihood.outputsPerEntry).map { _ in 3 * generator.normal() }
      data = (0..<rows * width).map { _ in
        switch likelihood {
        case .bernoulli: return generator.uniform() < 0.4 ? 1 : 0
        case .categorical(let levels):
          return Double(Int(generator.uniform() * Double(levels))) / Double(levels - 1)
        case .gaussian: return generator.normal()
        }
      }
    }

    /// The kernel, in one of its number types.
    func run<S: NetworkScalar>(_ outputs: [Double], scale: S) -> (Double, gradient: [Double]) {
      var gradient = [S](repeating: .nan, count: outputs.count)
      let sum = likelihood.logLikelihood(
        outputs: outputs.map { S($0) }, data: data.map { S($0) }, rows: rows, width: width,
        scale: scale, gradient: &gradient)
      return (sum, gradient.map { Double($0) })
    }

    /// The definition, entry by entry.
    var plain: Double {
      var sum = 0.0
      for row in 0..<rows {
        for j in 0..<width {
          let x = data[row * width + j]
          let parameters = (0..<likelihood.outputsPerEntry).map {
            outputs[row * width * likelihood.outputsPerEntry + $0 * width + j]
          }
          sum += logProbability(of: x, parameters)
        }
      }
      return sum
    }

    private func logProbability(of x: Double, _ parameters: [Double]) -> Double {
      switch likelihood {
      case .bernoulli:
        return Bernoulli(logit: parameters[0]).logProbability(x == 1)
      case .categorical(let levels):
        return parameters[Int((x * Double(levels - 1)).rounded())] - logSumExp(parameters)
      case .gaussian(let floor):
        let variance = floor + exp(parameters[1])
        return Normal(mean: parameters[0], standardDeviation: variance.squareRoot()).logDensity(x)
      }
    }
  }

  private static let likelihoods: [Likelihood] = [
    .bernoulli, .categorical(levels: 2), .categorical(levels: 17), .gaussian(varianceFloor: 0.01),
  ]

  @Test("log p(x|z) is the sum over entries", arguments: likelihoods, [1, 3, 7, 8, 9, 16, 21])
  func value(likelihood: Likelihood, width: Int) {
    let example = Case(likelihood, rows: 3, width: width)
    let plain = example.plain
    #expect(abs(example.run(example.outputs, scale: 1.0).0 - plain) < 1e-12 * abs(plain))
    #expect(abs(example.run(example.outputs, scale: Float(1)).0 - plain) < 2e-5 * abs(plain))
  }

  @Test("its gradient is that of −scale · log p", arguments: likelihoods, [1, 7, 9, 16])
  func gradient(likelihood: Likelihood, width: Int) {
    let example = Case(likelihood, rows: 2, width: width)
    let (h, scale) = (1e-5, 0.3)
    let gradient = example.run(example.outputs, scale: scale).gradient
    let single = example.run(example.outputs, scale: Float(scale)).gradient
    for i in example.outputs.indices {
      var (up, down) = (example.outputs, example.outputs)
      up[i] += h
      down[i] -= h
      let difference = example.run(up, scale: scale).0 - example.run(down, scale: scale).0
      let slope = -scale * difference / (2 * h)
      #expect(abs(gradient[i] - slope) < 1e-7 * (1 + abs(slope)))
      #expect(abs(single[i] - gradient[i]) < 1e-5 * (1 + abs(slope)))
    }
  }

  @Test("extreme outputs leave no NaN")
  func extremes() {
    for likelihood in LikelihoodTests.likelihoods {
      let example = Case(likelihood, rows: 1, width: 9)
      for size in [-1e30, -200, 200, 1e30] {
        let outputs = example.outputs.indices.map { $0 % 2 == 0 ? size : 0 }
        let (value, gradient) = example.run(outputs, scale: 1.0)
        #expect(!value.isNaN && gradient.allSatisfy { !$0.isNaN })
      }
    }
  }

  @Test(
    "a logit far above the others: its level is certain, any other is as far below",
    arguments: [2, 3, 17])
  func certainLevel(levels: Int) {
    let (likelihood, lead, width) = (Likelihood.categorical(levels: levels), 2000.0, 9)
    for certain in 0..<levels {
      let outputs = (0..<levels * width).map { $0 / width == certain ? lead : 0 }
      for level in 0..<levels {
        let data = [Double](repeating: Double(level) / Double(levels - 1), count: width)
        var gradient = [Double](repeating: .nan, count: outputs.count)
        let value = likelihood.logLikelihood(
          outputs: outputs, data: data, rows: 1, width: width, scale: 1, gradient: &gradient)
        #expect(value == (level == certain ? 0 : -lead * Double(width)))
        for (i, slope) in gradient.enumerated() {
          let (softmax, isLevel) = (i / width == certain ? 1.0 : 0, i / width == level ? 1.0 : 0)
          #expect(abs(slope - (softmax - isLevel)) < 1e-200)
        }
      }
    }
  }
}

@Suite("training in parts")
struct TrainingPartsTests {
  @Test("a step is Adam down the sum of the shards' gradients", arguments: [8, 7, 1])
  func oneStep(rows: Int) {
    var trainer = trainer(beta: 2)
    let (before, data) = (trainer.model, data)
    _ = trainer.step(data, Array(0..<rows)[...])
    var (byPhi, byTheta) = ([Float](), [Float]())
    for (s, batch) in [Array(0..<rows / 2), Array(rows / 2..<rows)].enumerated() {
      var sample = ELBOSample(of: before, rows: 4)
      var noise = Threefry(seed: 3, stream: 2 + UInt64(s))
      sample.setBatch(data, indices: batch[...])
      sample.drawNoise(using: &noise)
      sample.differentiate(before, scale: 1 / Float(rows), beta: 2)
      let gradient = sample.gradients(of: before)
      byPhi = s == 0 ? gradient.encoder : zip(byPhi, gradient.encoder).map(+)
      byTheta = s == 0 ? gradient.decoder : zip(byTheta, gradient.decoder).map(+)
    }
    var after = before
    var encoderAdam = Adam<Float>(parameterCount: byPhi.count, learningRate: 0.01)
    var decoderAdam = Adam<Float>(parameterCount: byTheta.count, learningRate: 0.01)
    encoderAdam.descend(&after.encoder.parameters, gradient: byPhi)
    decoderAdam.descend(&after.decoder.network.parameters, gradient: byTheta)
    #expect(trainer.model.encoder.parameters == after.encoder.parameters)
    #expect(trainer.model.decoder.network.parameters == after.decoder.network.parameters)
    #expect(after.encoder.parameters != before.encoder.parameters)
  }

  private func trainer(beta: Double = 1, drawsNoise: Bool = true) -> Trainer<Float> {
    var generator = Threefry(seed: 10)
    let model = VariationalAutoencoder<Float>(
      dataWidth: 6, hidden: [5], latentDimension: 2, activation: .tanh,
      likelihood: .bernoulli, using: &generator)
    return Trainer(
      model, batchSize: 8, learningRate: 0.01, beta: beta, drawsNoise: drawsNoise, seed: 3)
  }

  private var data: Rows<Float> {
    var generator = Threefry(seed: 11)
    return Rows((0..<40 * 6).map { _ in generator.uniform() < 0.5 ? 1 : 0 }, width: 6)
  }

  @Test("a pass ends when it is told to, after the batch")
  func interruption() {
    var trainer = trainer()
    var batches: [Int] = []
    _ = trainer.epoch(over: data) { batch, terms in
      batches.append(batch)
      return terms.elbo.isFinite && batch < 3
    }
    #expect(batches == [1, 2, 3])
  }

  @Test("without noise and divergence the guide's width has no gradient, and two looks agree")
  func autoencoder() {
    var trainer = trainer(beta: 0, drawsNoise: false)
    let before = trainer.model
    _ = trainer.epoch(over: data)
    let (n, m) = (5, 4)  // the last layer: 5 hidden units to µ₁ µ₂ and log σ₁² log σ₂²
    let start = before.encoder.parameterCount - (n + 1) * m
    for unit in 0...n {
      for output in 0..<m {
        let i = start + unit * m + output
        let moved = trainer.model.encoder.parameters[i] != before.encoder.parameters[i]
        #expect(moved == (output < 2))
      }
    }
    #expect(trainer.evaluate(data) == trainer.evaluate(data))
  }
}
