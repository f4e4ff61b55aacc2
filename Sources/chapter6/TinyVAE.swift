import Foundation
import TinyNetworks
import TinyNumerics

/// Eq. 6.4: a VAE so small that every image it could ever produce can be listed: 3 × 3 binary pixels, 512 images.
///
/// For each of them p(x) is integrated over a grid of its own, centred on that image's guide. (On one grid
/// for all, Σ_x p(x) would be the sum of the weights, 1 by construction, and would show nothing.)
struct TinyVAE {
  let model: VariationalAutoencoder<Double>
  /// All 2⁹ images, one after the other.
  let images: [Double]

  static let pixels = 9

  /// Trains on nine pixels of each 8 × 8 image: rows 2, 4 and 5 by columns 3, 5 and 6.
  init(trainedOn digits: [Double], seed: UInt64, epochs: Int = 40) {
    let places = [1, 3, 4].flatMap { row in [2, 4, 5].map { 8 * row + $0 } }
    let cropped = stride(from: 0, to: digits.count, by: 64).flatMap { start in
      places.map { Float(digits[start + $0]) }
    }
    var generator = Threefry(seed: seed, stream: 64)
    let untrained = VariationalAutoencoder<Float>(
      dataWidth: TinyVAE.pixels, hidden: [12], latentDimension: 2, activation: .tanh,
      likelihood: .bernoulli, using: &generator)
    var trainer = Trainer(untrained, batchSize: 50, learningRate: 5e-3, seed: seed)
    for _ in 0..<epochs { _ = trainer.epoch(over: cropped) }
    self.init(VariationalAutoencoder<Double>(trainer.model))
  }

  init(_ model: VariationalAutoencoder<Double>) {
    self.model = model
    images = (0..<1 << TinyVAE.pixels).flatMap { code in
      (0..<TinyVAE.pixels).map { Double(code >> $0 & 1) }
    }
  }

  /// p(x) of every image, each with its quadrature's error.
  func probabilities(cells: Int = 72) -> [Integral] {
    let guides = model.guides(for: images, rows: images.count / TinyVAE.pixels)
    return concurrentMap(guides.count) { i in
      let image = Array(images[i * TinyVAE.pixels..<(i + 1) * TinyVAE.pixels])
      return evidence(of: image, centre: guides[i].mean, cells: cells)
    }
  }

  /// ∫ p(x|z) p(z) dz over 8 either side of `centre`: as p(x|z) ≤ 1, what lies outside is below the prior's
  /// mass there.
  private func evidence(of image: [Double], centre: [Double], cells: Int) -> Integral {
    let likelihood = LogLikelihoodGrid(model, images: image)
    let sums = [false, true].map { shifted in
      // A grid of the prior's width, moved to the guide's mean.
      let grid = Lattice(Grid(over: -8...8, count: cells), shifted: shifted, dimension: 2)
      let points = grid.points.enumerated().map { i, u in centre[i % 2] + u }
      let spacing = 16 / Double(cells)
      return zip(likelihood(points), logPrior(points, dimension: 2)).reduce(0) {
        $0 + exp($1.0 + $1.1) * spacing * spacing
      }
    }
    return Integral(
      value: (sums[0] + sums[1]) / 2, error: abs(sums[0] - sums[1]) / 2,
      evaluations: 2 * cells * cells)
  }

  /// exp ELBO(x) of every image: no probability, for Σ_x exp ELBO(x) ≤ Σ_x p(x) = 1.
  func exponentiatedELBOs() -> [Double] {
    let guides = model.guides(for: images, rows: images.count / TinyVAE.pixels)
    return ExactELBO(of: model, guides: guides, images: images, nodes: 20)
      .terms.map { exp($0.elbo) }
  }
}
