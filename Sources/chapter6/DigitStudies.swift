import ImageModels
import TinyNetworks
import TinyNumerics

/// The studies with settings of their own, always on the digits that come with the chapter.
struct DigitStudies {
  let dataset: Dataset
  let seed: UInt64

  /// Binarised at level 8, one image after the other.
  var binaryTraining: Rows<Double> { binary(dataset.training) }
  var binaryHeldOut: Rows<Double> { binary(dataset.heldOut) }

  private func binary(_ images: ImageSet) -> Rows<Double> {
    Rows(images.levels.map { $0.map { $0 >= Digits.threshold ? 1 : 0 } })
  }

  /// A model trained on the digits as the experiment says.
  func trained(_ experiment: Experiment) throws -> Trained {
    let encoding = PixelEncoding(experiment.likelihood, brightest: 16)
    let start = untrained(experiment, encoding: encoding, pixels: dataset.pixels)
    return try train(experiment, on: dataset, encoding: encoding, from: start)
  }
}
