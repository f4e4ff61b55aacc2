import Testing

@testable import TinyNetworks
@testable import TinyNumerics

@Suite("Allocations") struct AllocationTests {
  /// Where the trainer's arrays lie. A copy on write, or a new array for each batch, would move
  /// them.
  private func addresses(_ shard: ELBOSample<Float>) -> [UInt] {
    let tapes = [shard.encoderTape, shard.decoderTape]
    let arrays =
      tapes.flatMap { [$0.values, $0.gradients, $0.packed] }
      + [shard.noise]
    return arrays.map { $0.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } }
  }

  private func addresses(_ trainer: borrowing Trainer<Float>) -> [UInt] {
    let arrays = trainer.learners.flatMap { [$0.network.parameters, $0.gradient] }
    return arrays.map { $0.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } }
      + trainer.shards.flatMap { addresses($0.sample) }
  }

  @Test(arguments: [[128], [400], [40, 30]])
  func `a training step writes where the last one wrote`(hidden: [Int]) {
    var generator = Threefry(seed: 1)
    let model = VariationalAutoencoder<Float>(
      dataWidth: 200, hidden: hidden, latentDimension: 5, activation: .softplus,
      likelihood: .bernoulli, using: &generator)
    var trainer = Trainer(model, batchSize: 100, learningRate: 1e-3, seed: 1)
    let data = Rows(
      (0..<200 * 300).map { _ in Float(generator.uniform().rounded()) }, width: 200)
    let order = Array(0..<300)
    _ = trainer.step(data, order[0..<100])
    let before = addresses(trainer)
    for batch in 0..<9 {
      _ = trainer.step(data, order[batch * 30..<batch * 30 + 30])
      #expect(addresses(trainer) == before)
    }
  }
}
