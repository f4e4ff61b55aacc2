import TinyNumerics
import ToyModels

/// Data points of the neural model, with what is known of each without any amortized guide.
struct DataSet {
  let x: [SIMD2<Double>]
  /// log p(x_i), by a double exponential rule.
  let logEvidence: [Integral]
  /// p(z|x_i), normalised by an equally spaced rule.
  let posteriors: [TabulatedPosterior]
  /// λ_i*, each found alone (eq. 4.1).
  let optima: [LocalOptimum]

  /// `count` draws of x from the model.
  init(
    of model: NeuralModel, count: Int, using generator: inout some RandomNumberGenerator
  ) {
    self.init(of: model, x: (0..<count).map { _ in model.sample(using: &generator).x })
  }

  init(of model: NeuralModel, x: [SIMD2<Double>]) {
    let decoder = decoderNetwork(of: model)
    let lattice = GuideLattice.broad(of: model)
    self.x = x
    logEvidence = x.map { model.logEvidence(of: $0) }
    let posteriors = x.map { model.posterior(given: $0) }
    self.posteriors = posteriors
    optima = x.indices.map {
      localOptimum(of: x[$0], posterior: posteriors[$0], lattice: lattice, decoder: decoder)
    }
  }

  var count: Int { x.count }

  /// λ₁*, λ₂*, … one after the other.
  var bestGuides: GuideParameters { Array(optima.map(\.lambda).joined()) }
}
