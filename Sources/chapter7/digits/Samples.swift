import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

/// Binary images drawn from each model, and where they came from.
struct Samples: Sendable {
  let network: Rows<Double>
  let vae: Rows<Double>
  /// From the averaged weights, and from the last ones; none from a GAN that has no numbers left.
  let gan: (averaged: Rows<Double>, last: Rows<Double>)?
  /// Training images, drawn again: what a model that learnt them by heart makes.
  let memory: Rows<Double>

  static let count = 4_000

  init(_ study: DigitStudy) throws {
    func stream(_ part: Int) -> Threefry { Threefry(seed: study.seed, row: 11, part: 10 + part) }
    var (first, second, third, fourth, fifth) = (
      stream(0), stream(1), stream(2), stream(3), stream(4)
    )
    network = try study.network().model.samples(Samples.count, using: &first)
    vae = try study.vae().decoder.samples(Samples.count, using: &second)
    gan = study.generators.map { averaged, last in
      (
        averaged.samples(Samples.count, using: &third), last.samples(Samples.count, using: &fourth)
      )
    }
    let images = study.digits.training
    memory = images.rows(
      at: (0..<Samples.count).map { _ in Int.random(in: images.indices, using: &fifth) })
  }
}
