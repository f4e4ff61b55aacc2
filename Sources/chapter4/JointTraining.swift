import Foundation
import TinyNetworks
import TinyNumerics
import ToyModels

/// Eq. 4.8: the state of both networks at one moment of training, exactly: means over the data, in nats.
struct Moment {
  let step: Int
  /// log p_θ(x): post P's first condition is that it is large.
  let logEvidence: Double
  let elbo: Double
  /// D(q_φ(z|x) ‖ p_θ(z|x)): post P's second condition is that it is small.
  let divergence: Double
  /// Of the data points' log p − ELBO − D the largest in size, and what its quadratures allow it.
  let residual: Double
  let allowance: Double
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

  /// The decoder starts from the model's own with N(0, `perturbation`²) added to each parameter, the guide
  /// from random weights.
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
      return moment()
    }
  }

  /// One step of Adam for θ and φ, down −(1/N) Σ ELBO_i.
  mutating func step() {
    let scale = -1 / Double(data.count)
    guide.network.forward(&guideTape)
    let result = batch(Array(guideTape.output), decoder: decoder)
    guideTape.setOutputGradient(result.gradient.map { scale * $0 })
    guide.network.backward(
      &guideTape, parameterGradient: &guideGradient, wantsInputGradient: false)
    optimisers.guide.descend(&guide.network.parameters, gradient: guideGradient)
    optimisers.decoder.descend(
      &decoder.parameters, gradient: result.decoderGradient.map { scale * $0 })
    steps += 1
  }

  /// Both conditions now, each by a quadrature of its own.
  func moment() -> Moment {
    let lambda = guide(data)
    let evidence = EvidenceGrid(decoder: decoder, data: data)
    let gap = posteriorGaps(lambda, data, decoder, logNormalisers: evidence.shifted)
    let elbo = [false, true].map { shifted in
      var batch = BatchELBO(data: data, decoder: decoder, cells: 96, shifted: shifted)
      return batch(lambda, decoder: decoder).values
    }
    let residuals = data.indices.map { evidence.plain[$0] - elbo[0][$0] - gap[$0].value }
    let allowances = data.indices.map { i in
      // the evidence twice: the divergence is normalised by its other grid
      2 * evidence.error(i) + gap[i].error + abs(elbo[0][i] - elbo[1][i])
        + 1e-12 * (1 + abs(elbo[0][i]) + abs(evidence.plain[i]))
    }
    let worst = data.indices.max {
      abs(residuals[$0]) / allowances[$0] < abs(residuals[$1]) / allowances[$1]
    }!
    return Moment(
      step: steps, logEvidence: mean(evidence.plain), elbo: mean(elbo[0]),
      divergence: mean(gap.map(\.value)), residual: residuals[worst],
      allowance: allowances[worst])
  }
}

/// log p_θ(x) = log ∫ p_θ(x|z) p(z) dz of each data point by a grid over |z| ≤ 8, and by the half-shifted
/// grid.
struct EvidenceGrid {
  let plain: [Double]
  let shifted: [Double]

  init(decoder: DenseNetwork<Double>, data: [SIMD2<Double>]) {
    let grid = Grid(over: -8...8, count: 400)
    let sums = [false, true].map { shifted in
      let table = TabulatedDecoder(decoder, on: grid, shifted: shifted)
      return data.map { logSumExp(table.logJoint($0)) }
    }
    (plain, shifted) = (sums[0], sums[1])
  }

  func error(_ i: Int) -> Double { abs(plain[i] - shifted[i]) / 2 }
}

/// D(q ‖ p_θ(z|x)) = E_q[log q(z) − log p_θ(z|x)] of each data point from its definition (eq. 3.1), by a
/// grid of its own in the guide's coordinates u = (z − µ)/σ, |u| ≤ 8. The posterior's normalisers are
/// handed in, so that they can come from another grid than the evidence that D is compared with.
func posteriorGaps(
  _ lambda: GuideParameters, _ data: [SIMD2<Double>], _ decoder: DenseNetwork<Double>,
  logNormalisers: [Double]
) -> [Integral] {
  let grid = Grid(over: -8...8, count: 96)
  return data.indices.map { i in
    let q = guide(lambda, at: i)
    let sums = [false, true].map { shifted in
      let u = (0..<grid.count).map { grid.node($0, shifted: shifted) }
      let z = u.map { q.mean + q.standardDeviation * $0 }
      let outputs = decoder(z, rows: grid.count)
      return u.indices.reduce(0) { sum, k in
        let logJoint =
          logLikelihood(data[i], decoded: decoded(outputs, k)).value
          + Normal.standard.logDensity(z[k])
        // log q(z) in the coordinates u, where a very narrow guide keeps its digits
        let logDensity = Normal.standard.logDensity(u[k]) - log(q.standardDeviation)
        let weight = grid.spacing * Normal.standard.density(u[k])
        return sum + weight * (logDensity - logJoint + logNormalisers[i])
      }
    }
    return Integral(
      value: (sums[0] + sums[1]) / 2, error: abs(sums[0] - sums[1]) / 2,
      evaluations: 2 * grid.count)
  }
}
