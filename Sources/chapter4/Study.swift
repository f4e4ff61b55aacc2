import Notebook
import TinyNetworks
import TinyNumerics
import ToyModels

/// What the chapter's sections share: the neural model, data drawn from it, and the trained guides.
struct Study {
  let model = NeuralModel.example
  let decoder: DenseNetwork<Double>
  let training: DataSet
  /// Eq. 4.7: draws from the same model that no guide is trained on.
  let heldOut: DataSet
  let family: GuideFamily
  /// The gaps of each guide of the family on both sets, in its order.
  let seen: [Gaps]
  let unseen: [Gaps]
  let seed: UInt64

  /// Draws in each of the two sets.
  static let dataCount = 100

  init(seed: UInt64) {
    let decoder = decoderNetwork(of: model)
    self.seed = seed
    self.decoder = decoder
    var data = Threefry(seed: seed, row: 1)
    let training = DataSet(of: model, count: Study.dataCount, using: &data)
    var unseen = Threefry(seed: seed, row: 7)
    let heldOut = DataSet(of: model, count: Study.dataCount, using: &unseen)
    var weights = Threefry(seed: seed, row: 4)
    family = GuideFamily(for: training, decoder: decoder, using: &weights)
    seen = family.all.map { Gaps(of: $0, on: training, decoder: decoder) }
    self.unseen = family.all.map { Gaps(of: $0, on: heldOut, decoder: decoder) }
    (self.training, self.heldOut) = (training, heldOut)
  }
}

func total(_ values: [Double]) -> Double { values.reduce(0, +) }

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

extension SIMD2<Double> {
  /// For tables: "(0.48, 0.30)".
  var pair: String { "(\(x.decimals(2)), \(y.decimals(2)))" }
}
