import TinyNumerics

/// Trains a variational autoencoder: minibatches in random order, one draw of the ELBO each, Adam.
///
/// A step has two parts. First a batch is cut into shards, each with its own stream of noise, and
/// backpropagated. Then each network sums the shards' gradients in order and is updated.
public struct Trainer<Scalar: NetworkScalar>: ~Copyable {
  public let batchSize: Int
  /// The weight of the divergence; it may change from epoch to epoch (eq. 6.15).
  public var beta: Double
  public let freeBits: Double
  /// Without noise z = µ: with β = 0 the model is then a plain autoencoder.
  public let drawsNoise: Bool
  private let seed: UInt64
  private let likelihood: Likelihood
  /// The encoder's, then the decoder's.
  private(set) var learners: [Learner<Scalar>]
  private var order: Threefry
  private(set) var shards: [Shard<Scalar>]

  /// - Requires: at least one data point a batch.
  public init(
    _ model: VariationalAutoencoder<Scalar>, batchSize: Int, learningRate: Double,
    beta: Double = 1, freeBits: Double = 0, drawsNoise: Bool = true, seed: UInt64
  ) {
    require(batchSize > 0, "a batch of at least one")
    self.batchSize = batchSize
    self.beta = beta
    self.freeBits = freeBits
    self.drawsNoise = drawsNoise
    self.seed = seed
    likelihood = model.decoder.likelihood
    learners = [model.encoder, model.decoder.network].map {
      Learner($0, batchSize: batchSize, learningRate: learningRate)
    }
    order = Threefry(seed: seed, stream: 1)
    let rows = (batchSize + shardCount - 1) / shardCount
    shards = (0..<shardCount).map { s in
      Shard(
        sample: ELBOSample(of: model, rows: rows),
        noise: Threefry(seed: seed, stream: 2 + UInt64(s)))
    }
  }

  public var model: VariationalAutoencoder<Scalar> {
    VariationalAutoencoder(
      encoder: learners[0].network, decoder: Decoder(learners[1].network, likelihood))
  }

  /// One pass over the data in a new random order; returns the mean terms of the ELBO a data point,
  /// each batch seen with the parameters of its moment. After each batch `goOn` is asked with the
  /// batch's number and mean terms; false ends the pass.
  public mutating func epoch(
    over data: Rows<Scalar>,
    goOn: (_ batch: Int, _ terms: ELBOTerms) -> Bool = { _, _ in true }
  ) -> ELBOTerms {
    var batches = Batches(of: data.count, size: batchSize, using: order)
    var (total, seen) = (ELBOTerms(), 0)
    for (number, batch) in batches.pass().enumerated() {
      let terms = step(data, batch)
      total = total + terms
      seen += batch.count
      guard goOn(number + 1, terms / Double(batch.count)) else { break }
    }
    order = batches.generator
    return total / Double(seen)
  }

  /// One optimiser step on the given rows of the data; the sum of their ELBO terms before it.
  ///
  /// - Parameter given: ε, a row for each row of the batch, for a comparison with other code; drawn
  ///   if nil.
  public mutating func step(
    _ data: Rows<Scalar>, _ batch: ArraySlice<Int>, noise given: Rows<Scalar>? = nil
  ) -> ELBOTerms {
    require(
      given.map { $0.count == batch.count && $0.width == model.latentDimension } ?? true,
      "a row of noise for each row of the batch")
    let terms = run(data, batch, noise: given, wantsGradient: true)
    let shards = shards
    learners.concurrentlyModify { n, learner in
      for (s, shard) in shards.enumerated() {
        let tape = n == 0 ? shard.sample.encoderTape : shard.sample.decoderTape
        learner.add(tape, isFirst: s == 0)
      }
      learner.step()
    }
    return terms
  }

  /// The mean terms of the one-draw ELBO over data that is not trained on. Its noise is drawn from
  /// streams of its own, the same at every call: looking does not change the training.
  public mutating func evaluate(_ data: Rows<Scalar>) -> ELBOTerms {
    let kept = shards.map(\.noise)
    for s in shards.indices {
      shards[s].noise = Threefry(seed: seed, stream: 1_000 + UInt64(s))
    }
    defer { for s in shards.indices { shards[s].noise = kept[s] } }
    let indices = Array(data.indices)
    var total = ELBOTerms()
    for start in stride(from: 0, to: data.count, by: batchSize) {
      let batch = indices[start..<min(start + batchSize, data.count)]
      total = total + run(data, batch, wantsGradient: false)
    }
    return total / Double(data.count)
  }

  /// Each shard takes its share of the batch through the model and, if wanted, back; returned are
  /// the batch's terms.
  private mutating func run(
    _ data: Rows<Scalar>, _ batch: ArraySlice<Int>, noise given: Rows<Scalar>? = nil,
    wantsGradient: Bool
  ) -> ELBOTerms {
    let (model, beta, freeBits) = (model, Scalar(beta), Scalar(freeBits))
    let drawsNoise = drawsNoise
    let scale = 1 / Scalar(batch.count)
    shards.concurrentlyModify { s, it in
      let rows = shard(s, of: batch.count)
      let start = batch.startIndex
      it.sample.setBatch(data, indices: batch[start + rows.lowerBound..<start + rows.upperBound])
      if let given {
        it.sample.takeNoise(from: given.numbers[(rows.lowerBound * given.width)...])
      } else if drawsNoise {
        it.sample.drawNoise(using: &it.noise)
      }
      it.sample.differentiate(
        model, scale: scale, beta: beta, freeBits: freeBits, wantsGradient: wantsGradient)
    }
    return shards.reduce(ELBOTerms()) { $0 + $1.sample.terms }
  }
}

/// A shard's share of a batch on its way through the model, and its stream of noise.
struct Shard<Scalar: NetworkScalar>: Sendable {
  var sample: ELBOSample<Scalar>
  var noise: Threefry
}
