import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

/// The digits of chapter 6 in black and white, as pixels 0/1: the first 1,500 train, the last 297
/// are held out.
struct BinaryDigits: Sendable {
  let dataset: Dataset
  let training: Rows<Double>
  let heldOut: Rows<Double>

  init() throws(Failure) { try self.init(.digits()) }

  init(_ dataset: Dataset) {
    func binary(_ images: ImageSet) -> Rows<Double> {
      Rows(images.levels.map { $0.map { $0 >= Digits.threshold ? 1 : 0 } })
    }
    self.dataset = dataset
    (training, heldOut) = (binary(dataset.training), binary(dataset.heldOut))
  }

  /// Independent pixels, q_j = (Σ x_j + ½)/(N + 1): no pixel is certain.
  var pixelMeans: IndependentPixels {
    let count = Double(training.count)
    return IndependentPixels(
      probabilities: (0..<training.width).map { j in
        (training.reduce(0.5) { $0 + $1[$1.startIndex + j] }) / (count + 1)
      })
  }
}

/// Pixels 0/1 as −1/+1.
func signs(_ images: Rows<Double>) -> Rows<Double> {
  Rows(images.numbers.map { 2 * $0 - 1 }, width: images.width)
}
