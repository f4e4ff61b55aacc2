import Testing

@testable import TinyNetworks
@testable import TinyNumerics

/// The kernels against the same algebra in plain loops, in double precision, with the same ε.
///
/// Each entry of a tensor is held to 1e-12 of the tensor's largest entry. An entry is a sum over a
/// batch and may cancel, which leaves a rounding error of the size of its terms; so it cannot be
/// held to 1e-12 of itself. A sum over the whole tensor, on the other hand, would hide a wrong
/// entry.
@Suite("eqs. 5.8, 6.1: the kernels are the plain loops, fast")
struct PlainTests {
  private struct Case {
    let model: VariationalAutoencoder<Double>
    let data: [[Double]]
    let noise: [[Double]]
    var rows: Int { data.count }

    init(
      _ likelihood: Likelihood, _ activation: Activation, hidden: [Int], width: Int, latent: Int,
      rows: Int
    ) {
      var generator = Threefry(seed: 58, stream: UInt64(100 * width + 10 * latent + rows))
      model = VariationalAutoencoder(
        dataWidth: width, hidden: hidden, latentDimension: latent, activation: activation,
        likelihood: likelihood, using: &generator)
      data = (0..<rows).map { _ in
        (0..<width).map { _ in
          switch likelihood {
          case .bernoulli: generator.uniform().rounded()
          case .categorical(let levels):
            Double(Int(generator.uniform() * Double(levels))) / Double(levels - 1)
          case .gaussian: generator.normal()
          }
        }
      }
      noise = (0..<rows).map { _ in (0..<latent).map { _ in generator.normal() } }
    }

    /// Batches of 1 and 7 of all shapes.
    static func all(_ likelihood: Likelihood, _ activation: Activation) -> [Case] {
      var cases: [Case] = []
      for hidden in [[3], [17], [17, 1], [3, 17], [17, 3, 17]] {
        for (width, latent) in [(1, 1), (3, 1), (17, 3), (3, 17)] {
          for rows in [1, 7] {
            cases.append(
              Case(
                likelihood, activation, hidden: hidden, width: width, latent: latent, rows: rows))
          }
        }
      }
      return cases
    }
  }

  private static let likelihoods: [Likelihood] = [
    .bernoulli, .categorical(levels: 5), .gaussian(varianceFloor: 1e-4),
  ]

  /// The largest deviation of an entry, in units of its tensor's largest entry.
  private func deviation(_ plain: [[[Double]]], _ network: DenseNetwork<Double>) -> Double {
    func tensors(_ layers: [[[Double]]]) -> [[Double]] {
      layers.flatMap { [Array($0.dropLast().joined()), $0[$0.count - 1]] }
    }
    let pairs = zip(tensors(plain), tensors(network.layers))
    return pairs.reduce(0) { worst, pair in
      let difference = zip(pair.0, pair.1).map { abs($0 - $1) }.max()!
      let largest = pair.0.map(abs).max()!
      return max(worst, difference == 0 ? 0 : difference / largest)
    }
  }

  @Test(
    "every entry of every gradient, and the ELBO", arguments: likelihoods, Activation.allCases)
  func gradients(likelihood: Likelihood, activation: Activation) {
    for c in Case.all(likelihood, activation) {
      var plain = PlainVAE(c.model)
      let terms = zip(c.data, c.noise).map { plain.differentiate($0, noise: $1) }
      var sample = ELBOSample(of: c.model, rows: c.rows)
      sample.setBatch(Rows(c.data), indices: Array(0..<c.rows)[...])
      sample.noise = Array(c.noise.joined())
      sample.differentiate(c.model, scale: 1)

      var (encoder, decoder) = (c.model.encoder, c.model.decoder.network)
      (encoder.parameters, decoder.parameters) = sample.gradients(of: c.model)
      #expect(deviation(plain.encoder.gradient, encoder) < 1e-12)
      #expect(deviation(plain.decoder.gradient, decoder) < 1e-12)
      let sum = terms.reduce(ELBOTerms(), +)
      let size = terms.reduce(1) { $0 + abs($1.reconstruction) + $1.divergence }
      #expect(abs(sum.reconstruction - sample.terms.reconstruction) < 1e-13 * size)
      #expect(abs(sum.divergence - sample.terms.divergence) < 1e-13 * size)
    }
  }

  /// Adam divides a gradient by its own size, so an entry that nearly cancels brings its error
  /// relative to itself; but a step is about 1e-3 at most, and of a parameter of size 1 that leaves
  /// little.
  @Test(
    "every parameter after ten steps of Adam", arguments: likelihoods, Activation.allCases)
  func training(likelihood: Likelihood, activation: Activation) {
    for c in Case.all(likelihood, activation) {
      var plain = PlainVAE(c.model)
      var trainer = Trainer(c.model, batchSize: c.rows, learningRate: 1e-3, seed: 1)
      for step in 0..<10 {
        // Other noise for each step: the same rows in another order.
        let noise = (0..<c.rows).map { c.noise[($0 + step) % c.rows] }
        let a = plain.step(c.data, noise: noise, rate: 1e-3)
        let b = trainer.step(
          Rows(c.data), Array(0..<c.rows)[...], noise: Rows(noise))
        #expect(abs(a.elbo - b.elbo) < 1e-12 * (1 + abs(a.elbo)))
      }
      #expect(deviation(plain.encoder.layers, trainer.model.encoder) < 1e-12)
      #expect(deviation(plain.decoder.layers, trainer.model.decoder.network) < 1e-12)
    }
  }
}
