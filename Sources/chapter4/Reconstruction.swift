import TinyNumerics
import ToyModels

// Eq. 4.9: encode x as z ~ q(z|x), decode z as x_reco = f_θ(z), compare.

/// ‖x − f_θ(z)‖².
func squaredDistance(_ x: SIMD2<Double>, to z: Double, model: NeuralModel) -> Double {
  let error = x - model.meanNetwork(z)
  return (error * error).sum()
}

/// E_q‖x − f_θ(z)‖² by quadrature, averaged over the data.
func reconstructionError(
  _ guides: [some LatentDistribution<Double>], _ data: [SIMD2<Double>], model: NeuralModel
) -> Integral {
  let terms = zip(guides, data).map { q, x in
    q.expectation { squaredDistance(x, to: $0, model: model) }
  }
  return 1 / Double(data.count) * terms[1...].reduce(terms[0], +)
}

/// The same for an encoder that knows the posterior, by another rule and without normalising it:
///   E_{p(z|x)}‖x − f_θ(z)‖² = ∫ p(x, z) ‖x − f_θ(z)‖² dz / p(x), both integrals double
///   exponential.
func posteriorReconstructionError(_ data: [SIMD2<Double>], model: NeuralModel) -> Integral {
  let terms = data.map { x in
    let ratio =
      logIntegralExp(over: -8...8) {
        model.logJoint(x, $0) + log(squaredDistance(x, to: $0, model: model))
      } - model.logEvidence(of: x)
    return Integral(
      value: exp(ratio.value), error: exp(ratio.value) * expm1(ratio.error),
      evaluations: ratio.evaluations)
  }
  return 1 / Double(data.count) * terms[1...].reduce(terms[0], +)
}

/// The same, sampled: in every round each data point is encoded and decoded once, and the round's
/// mean is one draw. (Rounds differ only by the codes: which x is looked at adds no variance.)
func sampledReconstructionError(
  _ guides: [Normal], _ data: [SIMD2<Double>], model: NeuralModel, rounds: Int,
  using generator: inout Threefry
) -> Estimate {
  Estimate(draws: rounds) {
    var sum = 0.0
    for (q, x) in zip(guides, data) {
      sum += squaredDistance(x, to: q.sample(using: &generator), model: model)
    }
    return sum / Double(data.count)
  }
}

/// What a perfect encoder leaves. With z ~ p(z|x) for an x of the model, (x, z) is distributed as
/// the model's own pairs, so the distance to f_θ(z) is the noise:
///   E_{p(x)} E_{p(z|x)}‖x − f_θ(z)‖² = E_{p(z)}[Σ_j e^{g_j(z)}].
func meanNoise(of model: NeuralModel) -> Integral {
  model.prior.expectation { z in
    let g = model.logVarianceNetwork(z)
    return exp(g.x) + exp(g.y)
  }
}

/// Draws codes from p(z|x) on the nodes of a grid over |z| ≤ 6, decoded once for all x. (A sum over
/// nodes 0.04 apart is an integral to far below a draw's noise, as long as no posterior is narrower
/// than that.)
struct PosteriorEncoder {
  private let model: NeuralModel
  private let nodes: [(z: Double, mean: SIMD2<Double>, precision: SIMD2<Double>, logPrior: Double)]

  init(of model: NeuralModel) {
    self.model = model
    let grid = Grid(over: -6...6, count: 300)
    nodes = (0..<grid.count).map { k in
      let z = grid.node(k)
      let (mean, g) = model.decode(z)
      return (z, mean, SIMD2(exp(-g.x), exp(-g.y)), -0.5 * (z * z + g.sum()))
    }
  }

  /// One pair of the model, its code thrown away, x encoded and decoded again: ‖x − x_reco‖².
  func distance(using generator: inout Threefry) -> Double {
    let x = model.sample(using: &generator).x
    // log p(x, z) at the nodes, but for a constant; e^{−50} is less than a draw can notice
    let logJoint = nodes.map { node in
      let error = x - node.mean
      return node.logPrior - 0.5 * (error * error * node.precision).sum()
    }
    let largest = logJoint.max()!
    let weights = logJoint.map { $0 < largest - 50 ? 0 : exp($0 - largest) }
    return squaredDistance(x, to: nodes[generator.categorical(weights)].z, model: model)
  }
}
