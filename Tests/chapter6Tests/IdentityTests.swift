import Foundation
import ImageModels
import Notebook
import Testing
import TinyNetworks
import TinyNumerics

@testable import chapter6

/// Eq. 3.6 on networks, by the quadratures of row 6.2.
@Suite("eq. 6.2: log p(x) = ELBO + D")
struct IdentityTests {
  /// An untrained model with outputs scaled up, so that posteriors are not just the prior, and
  /// images.
  private func example(seed: UInt64, gain: Double = 1.5)
    -> (model: VariationalAutoencoder<Double>, images: Rows<Double>)
  {
    var generator = Threefry(seed: seed)
    var model = VariationalAutoencoder<Double>(
      dataWidth: 6, hidden: [5], latentDimension: 2, activation: .softplus, likelihood: .bernoulli,
      using: &generator)
    model.decoder.network.parameters = model.decoder.network.parameters.map { $0 * gain }
    let images = Rows(
      (0..<6 * 4).map { _ in generator.uniform() < 0.5 ? 1.0 : 0.0 }, width: 6)
    return (model, images)
  }

  private func identity(
    of model: VariationalAutoencoder<Double>, _ images: Rows<Double>
  ) -> Identity {
    Identity(of: model.decoder, guides: model.guides(for: images), images: images)
  }

  @Test("holds on untrained networks, for any guide", arguments: 1...6 as ClosedRange<UInt64>)
  func holds(seed: UInt64) {
    let (model, images) = example(seed: seed)
    let identity = identity(of: model, images)
    #expect(identity.checks.filter { !$0.holds }.isEmpty)
    for i in 0..<identity.count {
      #expect(abs(identity.residual(i)) <= identity.allowance(i))
      #expect(identity.allowance(i) < 1e-6)
      #expect(identity.divergence[i] > 1e-4, "the guide is not the posterior")
    }
  }

  @Test("the images a reader asks for, of several and of only one")
  func exemplars() {
    let (model, images) = example(seed: 7)
    for count in [4, 1] {
      let identity = identity(of: model, images.rows(0..<count))
      let (evidence, gap) = (identity.logEvidence, identity.divergence)
      let residuals = (0..<count).map { abs(identity.residual($0)) }
      #expect(
        identity.exemplars.map(\.image) == [
          evidence.firstIndex(of: evidence.max()!), evidence.firstIndex(of: evidence.min()!),
          gap.firstIndex(of: gap.max()!), residuals.firstIndex(of: residuals.max()!),
        ])
    }
  }

  /// Untrained, with widened outputs, in one dimension and two, for each likelihood.
  @Test(
    "holds for every likelihood and on a latent line too", arguments: PixelEncoding.Kind.allCases,
    [1, 2])
  func everyLikelihood(kind: PixelEncoding.Kind, latent: Int) {
    var generator = Threefry(seed: 62)
    let encoding = PixelEncoding(kind, brightest: 4)
    var model = VariationalAutoencoder<Double>(
      dataWidth: 6, hidden: [5, 4], latentDimension: latent, activation: .tanh,
      likelihood: encoding.likelihood, using: &generator)
    model.decoder.network.parameters = model.decoder.network.parameters.map { 2 * $0 }
    let levels = (0..<4).map { _ in (0..<6).map { _ in UInt8(generator.uniform() * 5) } }
    let images: Rows<Double> = encoding.entries(levels[...], using: &generator)
    let identity = identity(of: model, images)
    #expect(identity.checks.filter { !$0.holds }.isEmpty)
    for i in 0..<4 {
      #expect(identity.divergence[i] > 1e-5, "the guide is not the posterior")
      // log p(x|z) by definition at one latent, against the matrix product.
      let z = (0..<latent).map { _ in generator.normal() }
      let direct = logLikelihood(model.decoder, z: z, image: images[i])
      let grid = LogLikelihoodGrid(model.decoder, images: images.row(i))
      #expect(abs(grid(Rows([z])).numbers[0] - direct) < 1e-12 * (1 + abs(direct)))
    }
  }

  private func logLikelihood(
    _ decoder: Decoder<Double>, z: [Double], image: ArraySlice<Double>
  ) -> Double {
    let outputs = decoder(Rows([z]))[0]
    return image.enumerated().reduce(0) { sum, pixel in
      let parameters = stride(from: pixel.offset, to: outputs.count, by: image.count).map {
        outputs[$0]
      }
      return sum + logProbability(of: pixel.element, decoder.likelihood, parameters)
    }
  }

  @Test("log p(x) by grids in the guides' coordinates, against one grid for all; for cells too")
  func guidedEvidence() {
    let (model, images) = example(seed: 8, gain: 3)
    let guides = model.guides(for: images)
    let guided = GuidedEvidence(of: model.decoder, guides: guides, images: images).logEvidence
    let grid = Evidence.refined(
      of: model.decoder, images: images, from: Grid(over: -8...8, count: 200), tolerance: 1e-10)
    for (ours, theirs) in zip(guided, grid.logEvidence) {
      #expect(abs(ours.value - theirs) <= 1e-9 + ours.error)
      #expect(ours.error < 1e-7)
    }
  }

  @Test("the divergence's arguments cannot be swapped, nor its normaliser forgotten")
  func wrongFormulas() {
    let (model, images) = example(seed: 6)
    let identity = identity(of: model, images)
    let guides = model.guides(for: images)
    let unnormalised = PosteriorGap(
      of: model.decoder, guides: guides, images: images, logNormalisers: [0, 0, 0, 0])
    for i in 0..<4 {
      #expect(abs(unnormalised.divergences[i] - identity.divergence[i]) > 0.1)
    }
  }
}

@Suite("eq. 6.1: training")
struct TrainingTests {
  private func trained(_ experiment: Experiment) throws -> (Study, Trained) {
    let study = Study(experiment, dataset: try .digits())
    let start = untrained(experiment, encoding: study.encoding, pixels: 64)
    let trained = try train(
      experiment, on: study.dataset, encoding: study.encoding, from: start)
    return (study, trained)
  }

  @Test("loss = −ELBO, by kernels and by definition", arguments: PixelEncoding.Kind.allCases)
  func lossIsMinusELBO(likelihood: PixelEncoding.Kind) throws {
    let (study, result) = try trained(
      Experiment(likelihood: likelihood, hidden: [20, 10], epochs: 2))
    let (loss, minusELBO, magnitude) = lossAndMinusELBO(
      of: result.model, images: study.examined, seed: 3)
    #expect(abs(loss - minusELBO) <= 1e-12 * magnitude)
    let first = result.history.heldOut[0].elbo
    #expect(result.history.heldOut[1].elbo > first, "two epochs are better than one")
  }
}
