import Testing
import TinyNetworks
import TinyNumerics

/// What a trainer reports, against the definition with z = µ: then log p(x|z) and D need no draws.
@Suite("eq. 3.7: what training reports")
struct TrainerTests {
  private let model: VariationalAutoencoder<Double>
  private let count = 10
  private let data: Rows<Double>
  /// Each data point's two terms, from the networks' outputs.
  private let terms: [ELBOTerms]

  init() {
    var generator = Threefry(seed: 12)
    let model = VariationalAutoencoder<Double>(
      dataWidth: 6, hidden: [5], latentDimension: 2, activation: .tanh, likelihood: .bernoulli,
      using: &generator)
    let data = Rows(
      (0..<count * 6).map { _ in generator.uniform() < 0.4 ? 1.0 : 0 }, width: 6)
    (self.model, self.data) = (model, data)
    terms = zip(0..<count, model.guides(for: data)).map { i, q in
      let outputs = zip(model.decoder(Rows([q.mean])).numbers, data[i])
      return ELBOTerms(
        reconstruction: outputs.reduce(0) {
          $0 + Bernoulli(logit: $1.0).logProbability($1.1 == 1)
        },
        divergence: klDivergence(q, relativeTo: .standard(dimension: 2)))
    }
  }

  private func trainer(batchSize: Int) -> Trainer<Double> {
    Trainer(model, batchSize: batchSize, learningRate: 0, drawsNoise: false, seed: 3)
  }

  private func expectEqual(_ a: ELBOTerms, _ b: ELBOTerms) {
    #expect(abs(a.reconstruction - b.reconstruction) < 1e-13 * abs(b.reconstruction))
    #expect(abs(a.divergence - b.divergence) < 1e-13 * b.divergence)
  }

  private var meanTerms: ELBOTerms {
    ELBOTerms(
      reconstruction: terms.reduce(0) { $0 + $1.reconstruction } / Double(count),
      divergence: terms.reduce(0) { $0 + $1.divergence } / Double(count))
  }

  @Test("the ELBO is reconstruction minus divergence; terms add up and are averaged one by one")
  func arithmetic() {
    let (a, b) = (
      ELBOTerms(reconstruction: -7, divergence: 2), ELBOTerms(reconstruction: 1, divergence: 4)
    )
    #expect(a.elbo == -9)
    #expect(a + b == ELBOTerms(reconstruction: -6, divergence: 6))
    #expect(a / 4 == ELBOTerms(reconstruction: -1.75, divergence: 0.5))
  }

  @Test(
    "the mean over all points, however they are cut into batches", arguments: [1, 3, 5, 10, 64])
  func evaluation(batchSize: Int) {
    var trainer = trainer(batchSize: batchSize)
    expectEqual(trainer.evaluate(data), meanTerms)
    expectEqual(trainer.epoch(over: data), meanTerms)  // at learning rate 0 nothing moves
  }

  @Test("batches are numbered from 1, and what they report averages to the pass's mean")
  func batches() {
    var trainer = trainer(batchSize: 4)
    var seen: [ELBOTerms] = []
    let mean = trainer.epoch(over: data) { number, terms in
      seen.append(terms)
      return number == seen.count
    }
    #expect(seen.count == 3)
    let weighted = zip(seen, [0.4, 0.4, 0.2]).reduce(0) { $0 + $1.0.elbo * $1.1 }
    #expect(abs(weighted - mean.elbo) < 1e-13 * abs(mean.elbo))
  }

  @Test(
    "a step on chosen rows reports their sum, and a pass that ends early the mean of what it saw")
  func parts() {
    var trainer = trainer(batchSize: 4)
    expectEqual(trainer.step(data, [7, 2, 5]), terms[7] + terms[2] + terms[5])
    var first: ELBOTerms?
    let mean = trainer.epoch(over: data) { _, terms in
      first = terms
      return false
    }
    #expect(mean == first)
  }
}
