import Foundation
import ImageModels
import TinyNetworks
import TinyNumerics

/// Eq. 6.4: a VAE so small that every image it could ever produce can be listed: 3 × 3 binary
/// pixels, 512 images.
///
/// For each of them p(x) is integrated over a grid of its own, centred on that image's guide. (On
/// one grid for all, Σ_x p(x) would be the sum of the weights, 1 by construction, and would show
/// nothing.)
struct TinyVAE {
  let model: VariationalAutoencoder<Double>
  /// All 2⁹ images.
  let images: Rows<Double>

  static let pixels = 9

  /// Trains on nine pixels of each 8 × 8 image: rows 2, 4 and 5 by columns 3, 5 and 6.
  init(trainedOn digits: Rows<Double>, seed: UInt64, epochs: Int = 40) {
    let places = [1, 3, 4].flatMap { row in [2, 4, 5].map { 8 * row + $0 } }
    let cropped = Rows(
      digits.map { digit in places.map { Float(digit[digit.startIndex + $0]) } })
    var generator = Threefry(seed: seed, row: 4)
    let untrained = VariationalAutoencoder<Float>(
      dataWidth: TinyVAE.pixels, hidden: [12], latentDimension: 2, activation: .tanh,
      likelihood: .bernoulli, using: &generator)
    var trainer = Trainer(untrained, batchSize: 50, learningRate: 5e-3, seed: seed)
    for _ in 0..<epochs { _ = trainer.epoch(over: cropped) }
    self.init(VariationalAutoencoder<Double>(trainer.model))
  }

  init(_ model: VariationalAutoencoder<Double>) {
    self.model = model
    images = Rows(
      (0..<1 << TinyVAE.pixels).map { code in
        (0..<TinyVAE.pixels).map { Double(code >> $0 & 1) }
      })
  }

  /// p(x) of every image, each with its quadrature's error.
  func probabilities(cells: Int = 72) -> [Integral] {
    let guides = model.guides(for: images)
    return concurrentMap(guides.count) { i in
      evidence(of: images.row(i), centre: guides[i].mean, cells: cells)
    }
  }

  /// ∫ p(x|z) p(z) dz over 8 either side of `centre`: as p(x|z) ≤ 1, what lies outside is below the
  /// prior's mass there.
  private func evidence(of image: Rows<Double>, centre: [Double], cells: Int) -> Integral {
    let likelihood = LogLikelihoodGrid(model.decoder, images: image)
    let sums = [false, true].map { shifted in
      // A grid of the prior's width, moved to the guide's mean.
      let grid = Lattice(Grid(over: -8...8, count: cells), shifted: shifted, dimension: 2)
      let points = Rows(
        grid.points.numbers.enumerated().map { i, u in centre[i % 2] + u }, width: 2)
      let spacing = 16 / Double(cells)
      return zip(likelihood(points).numbers, logPrior(points)).reduce(0) {
        $0 + exp($1.0 + $1.1) * spacing * spacing
      }
    }
    return Integral(sums[0], andShifted: sums[1], evaluations: 2 * cells * cells)
  }

  /// Σ_x p(x) (1 − e^{−D(x)}), with D(q(z|x) ‖ p(z|x)) from its definition: the mass that exp ELBO
  /// misses, without any ELBO.
  func shortfall(of probabilities: [Integral]) -> Integral {
    let guides = model.guides(for: images)
    let gap = PosteriorGap(
      of: model.decoder, guides: guides, images: images,
      logNormalisers: probabilities.map { log($0.value) })
    return zip(probabilities, zip(gap.divergences, gap.errors)).reduce(Integral(exactly: 0)) {
      sum, image in
      let (p, (divergence, error)) = image
      return sum + -expm1(-divergence) * p
        + Integral(exactly: 0, error: p.value * (error + rounding(divergence, 20, terms: 64 * 64)))
    }
  }

  /// exp ELBO(x) of every image: no probability, for Σ_x exp ELBO(x) ≤ Σ_x p(x) = 1.
  func exponentiatedELBOs() -> [Integral] {
    let bound = ExactELBO(
      of: model.decoder, guides: model.guides(for: images), images: images)
    return zip(bound.terms, bound.errors).map { terms, error in
      Integral(exactly: exp(terms.elbo), error: exp(terms.elbo) * error)
    }
  }
}
