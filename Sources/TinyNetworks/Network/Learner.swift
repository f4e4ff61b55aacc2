import TinyNumerics

/// A network on its way down a loss: its parameters, their gradient and Adam's memory of it.
public struct Learner<Scalar: NetworkScalar>: Sendable {
  public private(set) var network: DenseNetwork<Scalar>
  public private(set) var optimiser: Adam<Scalar>
  private(set) var gradient: [Scalar]
  private var packed: [Scalar]
  /// 1 for a parameter that learns, 0 for one that stays; nil if all learn.
  private let mask: [Scalar]?

  /// - Requires: batches of at most `batchSize` rows; a mask entry for each parameter, if there is
  ///   a mask.
  public init(
    _ network: DenseNetwork<Scalar>, batchSize: Int, learningRate: Double,
    decay: (first: Double, second: Double) = (0.9, 0.999), mask: [Scalar]? = nil
  ) {
    require(mask.map { $0.count == network.parameterCount } ?? true, "a mask of the parameters")
    self.network = network
    self.mask = mask
    gradient = Array(repeating: 0, count: network.parameterCount)
    optimiser = Adam(
      parameterCount: network.parameterCount, learningRate: learningRate, decay: decay)
    packed = Array(repeating: 0, count: network.packedCount(rows: batchSize))
  }

  public var learningRate: Double {
    get { optimiser.learningRate }
    set { optimiser.learningRate = newValue }
  }

  /// One step down a loss of the network's outputs. The batch is cut into shards, which may run on
  /// different cores and whose gradients are added in order; `loss` is told a shard's rows of the
  /// batch and its outputs, and answers with their loss and its slopes by the outputs. Returned is
  /// the loss before the step.
  public mutating func descend(
    on inputs: Rows<Scalar>,
    _ loss:
      @Sendable (_ rows: Range<Int>, _ outputs: Rows<Scalar>) -> (
        value: Double, slopes: Rows<Scalar>
      )
  ) -> Double {
    let network = network
    let shards = inShards(of: inputs.count) { rows in
      var tape = Tape(of: network, rows: rows.count)
      tape.setInput(inputs.rows(rows).numbers)
      network.forward(&tape)
      let (value, slopes) = loss(rows, Rows(Array(tape.output), width: network.outputWidth))
      tape.setOutputGradient(slopes.numbers)
      network.propagate(&tape, wantsInputGradient: false)
      return (value, tape)
    }
    for (s, shard) in shards.enumerated() { add(shard.1, isFirst: s == 0) }
    step()
    return shards.reduce(0) { $0 + $1.0 }
  }

  /// Adds a shard's gradient to those before it.
  mutating func add(_ tape: Tape<Scalar>, isFirst: Bool) {
    network.gradient(of: tape, adding: !isFirst, into: &gradient, packed: &packed)
  }

  /// Adam's step down the gradient that was added up.
  mutating func step() {
    if let mask { for i in gradient.indices { gradient[i] *= mask[i] } }
    optimiser.descend(&network.parameters, gradient: gradient)
  }
}

extension DenseNetwork {
  /// The loss of the network's outputs at some inputs, and its slopes by the *inputs*: what a
  /// network that made these inputs is told (eq. 7.11).
  public func inputSlopes(
    at inputs: Rows<Scalar>,
    of loss: (_ outputs: Rows<Scalar>) -> (value: Double, slopes: Rows<Scalar>)
  ) -> (value: Double, slopes: Rows<Scalar>) {
    var tape = Tape(of: self, rows: inputs.count)
    tape.setInput(inputs.numbers)
    forward(&tape)
    let (value, slopes) = loss(Rows(Array(tape.output), width: outputWidth))
    tape.setOutputGradient(slopes.numbers)
    propagate(&tape, wantsInputGradient: true)
    return (value, Rows(Array(tape.inputGradient), width: inputWidth))
  }
}
