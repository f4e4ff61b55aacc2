import Foundation
import TinyNumerics

/// Trains a variational autoencoder: minibatches in random order, one draw of the ELBO each, Adam.
///
/// A step has two parts, each for two cores. First a batch is cut into a fixed number of shards, each with its
/// own stream of noise, and backpropagated. Then each network sums the shards' gradients in order and is
/// updated. So the result does not depend on how many cores there are.
public struct Trainer<Scalar: NetworkScalar>: ~Copyable {
  public let batchSize: Int
  public let beta: Double
  /// Without noise z = µ: with β = 0 the model is then a plain autoencoder.
  public let drawsNoise: Bool
  private let likelihood: Likelihood
  /// The encoder's, then the decoder's.
  private(set) var learners: [Learner<Scalar>]
  private var order: Threefry
  private var noise: [Threefry]
  private(set) var shards: [ELBOSample<Scalar>]

  /// How many shards a batch is cut into.
  public static var shardCount: Int { 2 }

  /// - Requires: at least one data point a batch.
  public init(
    _ model: VariationalAutoencoder<Scalar>, batchSize: Int, learningRate: Double,
    beta: Double = 1, drawsNoise: Bool = true, seed: UInt64
  ) {
    require(batchSize > 0, "a batch of at least one")
    self.batchSize = batchSize
    self.beta = beta
    self.drawsNoise = drawsNoise
    likelihood = model.likelihood
    learners = [model.encoder, model.decoder].map {
      Learner($0, batchSize: batchSize, learningRate: learningRate)
    }
    order = Threefry(seed: seed, stream: 1)
    noise = (0..<Trainer.shardCount).map { Threefry(seed: seed, stream: 2 + UInt64($0)) }
    let rows = (batchSize + Trainer.shardCount - 1) / Trainer.shardCount
    shards = (0..<Trainer.shardCount).map { _ in
      ELBOSample(of: model, rows: rows, keepsGradient: false)
    }
  }

  public var model: VariationalAutoencoder<Scalar> {
    VariationalAutoencoder(
      encoder: learners[0].network, decoder: learners[1].network, likelihood: likelihood)
  }

  /// One pass over the data in a new random order; returns the mean terms of the ELBO a data point, each
  /// batch seen with the parameters of its moment. After each batch `goOn` is asked with the batch's number
  /// and mean terms; false ends the pass.
  public mutating func epoch(
    over data: [Scalar], goOn: (_ batch: Int, _ terms: ELBOTerms) -> Bool = { _, _ in true }
  ) -> ELBOTerms {
    let count = data.count / model.dataWidth
    require(count > 0, "an epoch over at least one data point")
    let indices = (0..<count).shuffled(using: &order)
    var (total, seen) = (ELBOTerms(), 0)
    for start in stride(from: 0, to: count, by: batchSize) {
      let batch = indices[start..<min(start + batchSize, count)]
      let terms = step(data, batch)
      total = total + terms
      seen += batch.count
      guard goOn(start / batchSize + 1, terms / Double(batch.count)) else { break }
    }
    return total / Double(seen)
  }

  /// One optimiser step on the given rows of the data; the sum of their ELBO terms before it.
  ///
  /// - Parameter given: ε, D numbers a row, for a comparison with another program; drawn if nil.
  public mutating func step(
    _ data: [Scalar], _ batch: ArraySlice<Int>, noise given: [Scalar]? = nil
  ) -> ELBOTerms {
    require(
      given.map { $0.count == batch.count * model.latentDimension } ?? true,
      "a row of noise for each row of the batch")
    run(data, batch, noise: given, wantsGradient: true)
    descend()
    return shards[0].terms + shards[1].terms
  }

  /// Sums the shards' gradients and takes Adam's step, for the encoder and the decoder side by side: they share
  /// nothing, so it makes no difference to the result.
  private mutating func descend() {
    let shards = shards
    learners.withUnsafeMutableBufferPointer { learners in
      nonisolated(unsafe) let learners = learners
      DispatchQueue.concurrentPerform(iterations: 2) { n in
        for (s, shard) in shards.enumerated() {
          learners[n].add(n == 0 ? shard.encoderTape : shard.decoderTape, isFirst: s == 0)
        }
        learners[n].step()
      }
    }
  }

  /// The mean terms of the one-draw ELBO over data that is not trained on. Its noise is drawn from a
  /// stream of its own, so that looking does not change the training.
  public mutating func evaluate(_ data: [Scalar], stream: UInt64 = 0) -> ELBOTerms {
    let kept = noise
    noise = kept.indices.map { Threefry(seed: stream, stream: 1_000 + UInt64($0)) }
    defer { noise = kept }
    let count = data.count / model.dataWidth
    let indices = Array(0..<count)
    var total = ELBOTerms()
    for start in stride(from: 0, to: count, by: batchSize) {
      run(data, indices[start..<min(start + batchSize, count)], wantsGradient: false)
      total = total + shards[0].terms + shards[1].terms
    }
    return total / Double(count)
  }

  /// Each shard takes its share of the batch through the model and, if wanted, back.
  private mutating func run(
    _ data: [Scalar], _ batch: ArraySlice<Int>, noise given: [Scalar]? = nil, wantsGradient: Bool
  ) {
    let count = Trainer.shardCount
    let (model, beta, drawsNoise) = (model, Scalar(beta), drawsNoise)
    let scale = 1 / Scalar(batch.count)
    noise.withUnsafeMutableBufferPointer { noise in
      shards.withUnsafeMutableBufferPointer { shards in
        // Every iteration touches its own shard and its own generator, nothing else.
        nonisolated(unsafe) let (noise, shards) = (noise, shards)
        DispatchQueue.concurrentPerform(iterations: count) { s in
          let start = batch.startIndex + batch.count * s / count
          let end = batch.startIndex + batch.count * (s + 1) / count
          shards[s].setBatch(data, indices: batch[start..<end])
          if let given {
            let place = (start - batch.startIndex) * model.latentDimension
            shards[s].takeNoise(from: given[place...])
          } else if drawsNoise {
            shards[s].drawNoise(using: &noise[s])
          }
          shards[s].propagate(model, scale: scale, beta: beta, wantsGradient: wantsGradient)
        }
      }
    }
  }
}

/// A network on its way downhill: the sum of the shards' gradients, then Adam.
struct Learner<Scalar: NetworkScalar> {
  private(set) var network: DenseNetwork<Scalar>
  private(set) var gradient: [Scalar]
  private var optimiser: Adam<Scalar>
  private var packed: [Scalar]

  init(_ network: DenseNetwork<Scalar>, batchSize: Int, learningRate: Double) {
    self.network = network
    gradient = Array(repeating: 0, count: network.parameterCount)
    optimiser = Adam(parameterCount: network.parameterCount, learningRate: learningRate)
    packed = Array(repeating: 0, count: network.packedCount(rows: batchSize))
  }

  /// Adds a shard's gradient to those before it.
  mutating func add(_ tape: Tape<Scalar>, isFirst: Bool) {
    network.gradient(of: tape, adding: !isFirst, into: &gradient, packed: &packed)
  }

  mutating func step() { optimiser.descend(&network.parameters, gradient: gradient) }
}
