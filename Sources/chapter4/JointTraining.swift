import TinyNetworks
import TinyNumerics
import ToyModels

/// Eq. 4.8: the state of both networks at one moment of training, exactly: three numbers a data
/// point, in nats.
struct Moment {
  /// What a data point's identity log p = ELBO + D is made of, each with its own rule's error.
  struct Terms {
    /// log p_θ(x): post P's first condition is that it is large.
    let logEvidence: Integral
    let elbo: Integral
    /// D(q_φ(z|x) ‖ p_θ(z|x)): post P's second condition is that it is small.
    let divergence: Integral

    /// log p − ELBO − D, which should be nothing, with all that the three may be off: their rules'
    /// errors, and rounding.
    var residual: Integral {
      (logEvidence - elbo - divergence).adding(
        error: rounding(4, logEvidence.value, divergence.value))
    }
  }

  let step: Int
  let terms: [Terms]

  /// Means over the data.
  var logEvidence: Double { mean(terms.map(\.logEvidence.value)) }
  var elbo: Double { mean(terms.map(\.elbo.value)) }
  var divergence: Double { mean(terms.map(\.divergence.value)) }
  /// The largest residual.
  var worst: Integral { terms.map(\.residual).max { abs($0.value) < abs($1.value) }! }
}

/// A decoder and a guide that climb the mean ELBO together.
struct JointTraining {
  private(set) var decoder: DenseNetwork<Double>
  private(set) var guide: Guide
  private let data: [SIMD2<Double>]
  private var batch: BatchELBO
  private var guideTape: Tape<Double>
  private var guideGradient: [Double]
  private var optimisers: (decoder: Adam<Double>, guide: Adam<Double>)
  private(set) var steps = 0

  static let learningRate = 0.03

  /// The decoder starts from the model's own with N(0, `perturbation`²) added to each parameter,
  /// the guide from random weights.
  init(
    of model: NeuralModel, data: [SIMD2<Double>], perturbation: Double = 0.3,
    using generator: inout some RandomNumberGenerator
  ) {
    decoder = decoderNetwork(of: model)
    decoder.parameters = decoder.parameters.map { $0 + perturbation * generator.normal() }
    guide = Guide(
      "network",
      DenseNetwork(widths: [2, 8, 8, 2], activation: .tanh, using: &generator))
    self.data = data
    batch = BatchELBO(data: data, decoder: decoder, cells: GuideFamily.trainingCells)
    guideTape = Tape(of: guide.network, rows: data.count)
    guideTape.setInput(flattened(data))
    guideGradient = Array(repeating: 0, count: guide.network.parameterCount)
    optimisers = (
      Adam(parameterCount: decoder.parameterCount, learningRate: JointTraining.learningRate),
      Adam(parameterCount: guide.network.parameterCount, learningRate: JointTraining.learningRate)
    )
  }

  /// Trains, and takes down the moments after the given numbers of steps, which ascend.
  mutating func run(recording recorded: [Int]) -> [Moment] {
    recorded.map { count in
      while steps < count { step() }
      require(steps == count, "moments in the order of their steps")
      return moment()
    }
  }

  /// (1/N) Σ ELBO_i and its gradients by φ and θ.
  mutating func objective() -> (elbo: Double, guide: [Double], decoder: [Double]) {
    guide.network.forward(&guideTape)
    let result = batch(Array(guideTape.output), decoder: decoder)
    let share = 1 / Double(data.count)
    guideTape.setOutputGradient(result.gradient.map { share * $0 })
    guide.network.backward(
      &guideTape, parameterGradient: &guideGradient, wantsInputGradient: false)
    return (result.mean, guideGradient, result.decoderGradient.map { share * $0 })
  }

  /// One step of Adam for φ and θ, down −(1/N) Σ ELBO_i.
  mutating func step() {
    let slopes = objective()
    optimisers.guide.descend(&guide.network.parameters, gradient: slopes.guide.map { -$0 })
    optimisers.decoder.descend(&decoder.parameters, gradient: slopes.decoder.map { -$0 })
    steps += 1
  }

  /// Both networks moved, without Adam: φ by `length` times `guide`, θ by `length` times `decoder`.
  func moved(_ length: Double, guide: [Double], decoder: [Double]) -> JointTraining {
    var other = self
    other.guide.network.parameters = zip(self.guide.network.parameters, guide).map {
      $0 + length * $1
    }
    other.decoder.parameters = zip(self.decoder.parameters, decoder).map { $0 + length * $1 }
    return other
  }

  /// Both conditions now, by three rules: log p_θ(x) by a double exponential one over z; the ELBO
  /// by the nodes of the noise, and with a third of them for its error; D in the guide's
  /// coordinates, its posterior normalised by equally spaced z. No one of the three is made from
  /// another.
  func moment() -> Moment {
    let lambda = guide(data)
    let cells = 2 * cellCount(for: lambda)
    let elbo = [cells, cells / 3].map { cells in
      var batch = BatchELBO(data: data, decoder: decoder, cells: cells)
      return batch(lambda, decoder: decoder).values
    }
    let line = PlainDecoder(decoder)
    let terms = data.indices.map { i in
      let x = data[i]
      let posterior = TabulatedPosterior(over: -8...8) { line.logJoint(x, $0) }
      return Moment.Terms(
        logEvidence: logIntegralExp(over: -8...8) { line.logJoint(x, $0) },
        elbo: Integral(
          value: elbo[0][i],
          error: abs(elbo[0][i] - elbo[1][i]) + rounding(4, elbo[0][i], terms: cells),
          evaluations: cells + cells / 3),
        divergence: divergence(chapter4.guide(lambda, at: i), from: posterior)
          .adding(error: posterior.error))
    }
    return Moment(step: steps, terms: terms)
  }
}
