import Testing

@testable import TinyNetworks
@testable import TinyNumerics

/// Rows of numbers, and what learns from them.
@Suite("eq. 5.8: rows, decoders, learners, batches")
struct LearnerTests {
  private func network(_ widths: [Int], seed: UInt64 = 1) -> DenseNetwork<Double> {
    var generator = Threefry(seed: seed)
    return DenseNetwork(widths: widths, activation: .tanh, using: &generator)
  }

  private func normals(_ count: Int, width: Int, seed: UInt64) -> Rows<Double> {
    var generator = Threefry(seed: seed)
    return Rows((0..<count * width).map { _ in generator.normal() }, width: width)
  }

  @Test("rows: each is a slice of the numbers; some of them are rows again")
  func rows() {
    let rows = Rows([[1, 2, 3], [4, 5, 6], [7, 8, 9.0]])
    #expect(rows == Rows([1, 2, 3, 4, 5, 6, 7, 8, 9], width: 3))
    #expect(rows.count == 3 && rows.width == 3 && Array(rows[1]) == [4, 5, 6])
    #expect(
      rows.rows(1..<3) == Rows([[4, 5, 6], [7, 8, 9]]) && rows.row(0) == Rows([[1, 2, 3]]))
    #expect(rows.map { $0.reduce(0, +) } == [6, 15, 24])
    let none = rows.rows(2..<2)
    #expect(none.isEmpty && none.width == 3)
    #expect(network([3, 2])(none).isEmpty)
  }

  @Test("rows that are not whole are a mistake")
  func brokenRows() async {
    await #expect(processExitsWith: .failure) { _ = Rows([1, 2, 3.0], width: 2) }
    await #expect(processExitsWith: .failure) { _ = Rows([[1, 2], [3.0]]) }
  }

  @Test("a decoder knows its latents, its entries, and is its network")
  func decoder() async {
    for (likelihood, outputs) in [
      (.bernoulli, 6), (.gaussian(varianceFloor: 0.1), 12), (.categorical(levels: 3), 18),
    ] as [(Likelihood, Int)] {
      let network = network([2, 4, outputs])
      let decoder = Decoder(network, likelihood)
      #expect(decoder.latentDimension == 2 && decoder.dataWidth == 6)
      let latents = normals(3, width: 2, seed: 2)
      #expect(decoder(latents) == network(latents))
      #expect(Decoder<Float>(decoder).network.parameters == network.parameters.map { Float($0) })
    }
    await #expect(processExitsWith: .failure) {
      var generator = Threefry(seed: 1)
      _ = Decoder<Double>(
        DenseNetwork(widths: [2, 5], activation: .tanh, using: &generator),
        .gaussian(varianceFloor: 0.1))
    }
  }

  /// ½ Σ (y − target)², and y − target.
  private func squares(
    _ targets: Rows<Double>
  ) -> @Sendable (Range<Int>, Rows<Double>) -> (value: Double, slopes: Rows<Double>) {
    { rows, outputs in
      let slopes = zip(outputs.numbers, targets.rows(rows).numbers).map(-)
      return (0.5 * dot(slopes, slopes), Rows(slopes, width: outputs.width))
    }
  }

  /// The network's own backward pass over the whole batch at once, then Adam.
  @Test("a step down any loss is Adam down its gradient", arguments: [1, 2, 7])
  func step(count: Int) {
    let (start, inputs) = (network([3, 5, 2]), normals(count, width: 3, seed: 3))
    let targets = normals(count, width: 2, seed: 4)
    var learner = Learner(start, batchSize: 7, learningRate: 0.01)
    var (plain, adam) = (
      start, Adam<Double>(parameterCount: start.parameterCount, learningRate: 0.01)
    )
    for _ in 0..<5 {
      let slopes = zip(plain(inputs).numbers, targets.numbers).map(-)
      var tape = Tape(of: plain, rows: count)
      tape.setInput(inputs.numbers)
      plain.forward(&tape)
      tape.setOutputGradient(slopes)
      var gradient: [Double] = []
      plain.backward(&tape, parameterGradient: &gradient)
      let loss = learner.descend(on: inputs, squares(targets))
      #expect(abs(loss - 0.5 * dot(slopes, slopes)) < 1e-13 * (1 + loss))
      adam.descend(&plain.parameters, gradient: gradient)
      for (a, b) in zip(learner.network.parameters, plain.parameters) {
        #expect(abs(a - b) < 1e-12)
      }
    }
  }

  /// A decoder that is told −log p(x|z) of fixed latents learns as inside a trainer, whose latents
  /// are the same where the encoder says so and does not move.
  @Test("a decoder learns the same under a trainer and on its own")
  func againstTrainer() {
    var generator = Threefry(seed: 5)
    var model = VariationalAutoencoder<Double>(
      dataWidth: 6, hidden: [4], latentDimension: 2, activation: .tanh, likelihood: .bernoulli,
      using: &generator)
    let biases = model.encoder.parameterCount - 4
    for i in 0..<biases { model.encoder.parameters[i] = 0 }
    let data = Rows((0..<48).map { _ in generator.uniform() < 0.5 ? 1.0 : 0 }, width: 6)
    var trainer = Trainer(model, batchSize: 8, learningRate: 0.01, drawsNoise: false, seed: 6)
    var learner = Learner(model.decoder.network, batchSize: 8, learningRate: 0.01)
    let likelihood = model.decoder.likelihood
    let means = Rows(model.guides(for: data).map(\.mean))
    _ = trainer.step(data, Array(0..<8)[...])
    _ = learner.descend(on: means) { rows, outputs in
      var slopes = [Double](repeating: 0, count: outputs.numbers.count)
      let value = likelihood.logLikelihood(
        outputs: outputs.numbers, data: data.rows(rows).numbers, rows: rows.count, width: 6,
        scale: 1.0 / 8, gradient: &slopes)
      return (-value, Rows(slopes, width: 6))
    }
    let decoder = trainer.model.decoder.network
    #expect(learner.network.parameters == decoder.parameters)
    #expect(decoder.parameters != model.decoder.network.parameters)
  }

  @Test("a mask keeps the parameters it covers, and the others move as ever")
  func mask() {
    let (start, inputs) = (network([3, 5, 2]), normals(6, width: 3, seed: 7))
    let mask = start.parameters.indices.map { $0 % 3 == 0 ? 0.0 : 1 }
    var free = Learner(start, batchSize: 6, learningRate: 0.01)
    var masked = Learner(start, batchSize: 6, learningRate: 0.01, mask: mask)
    let targets = normals(6, width: 2, seed: 8)
    _ = free.descend(on: inputs, squares(targets))
    _ = masked.descend(on: inputs, squares(targets))
    for i in mask.indices {
      let kept = mask[i] == 0 ? start.parameters[i] : free.network.parameters[i]
      #expect(masked.network.parameters[i] == kept)
    }
    #expect(free.network.parameters != masked.network.parameters)
  }

  @Test("slopes by the inputs are central differences of the loss")
  func inputSlopes() {
    let (network, inputs) = (network([3, 5, 2]), normals(4, width: 3, seed: 9))
    let loss = squares(normals(4, width: 2, seed: 10))
    let (value, slopes) = network.inputSlopes(at: inputs) { loss(0..<4, $0) }
    #expect(value == loss(0..<4, network(inputs)).value)
    for i in inputs.numbers.indices {
      var (up, down) = (inputs, inputs)
      up.numbers[i] += 1e-5
      down.numbers[i] -= 1e-5
      let slope = (loss(0..<4, network(up)).value - loss(0..<4, network(down)).value) / 2e-5
      #expect(abs(slopes.numbers[i] - slope) < 1e-7 * (1 + abs(slope)))
    }
  }

  @Test("batches: every row once a pass, a new order each time, the last batch smaller")
  func batches() {
    var batches = Batches(of: 23, size: 5, using: Threefry(seed: 11))
    let first = batches.pass()
    #expect(first.map(\.count) == [5, 5, 5, 5, 3])
    #expect(first.joined().sorted() == Array(0..<23))
    let second = (0..<5).map { _ in batches.next() }
    #expect(second.map(\.count) == [5, 5, 5, 5, 3])
    #expect(second.joined().sorted() == Array(0..<23))
    #expect(Array(first.joined()) != Array(second.joined()))
    var again = Batches(of: 23, size: 5, using: Threefry(seed: 11))
    #expect((0..<5).map { _ in again.next() } == first)
    var large = Batches(of: 3, size: 100, using: Threefry(seed: 12))
    #expect(large.next().sorted() == [0, 1, 2])
  }
}
