import TinyNetworks
import TinyNumerics
import ToyModels

/// Eq. 4.4: guides that can do more and more, each trained on the data from a start at which it is
/// no worse than the one before: constant, linear, and networks with two hidden layers of 3, 5 and
/// 8 units.
struct GuideFamily {
  static let hiddenWidths = [3, 5, 8]
  /// How many random networks of a width are tried.
  static let starts = 4
  /// Nodes of the quadrature while a network is trained; what is reported takes more.
  static let trainingCells = 32

  let constant: Guide
  let linear: Guide
  let networks: [Guide]

  var all: [Guide] { [constant, linear] + networks }
  var widest: Guide { networks[networks.count - 1] }

  init(
    for data: DataSet, decoder: DenseNetwork<Double>,
    using generator: inout some RandomNumberGenerator
  ) {
    let train = { (guide: Guide, iterations: Int, cells: Int) in
      trained(guide, on: data.x, decoder: decoder, iterations: iterations, cells: cells).guide
    }
    constant = train(.constant, 200, 48)
    linear = train(.linear(from: constant), 200, 48)
    var networks: [Guide] = []
    for width in GuideFamily.hiddenWidths {
      let start = GuideFamily.start(
        width: width, after: networks.last, data: data, decoder: decoder, using: &generator)
      networks.append(train(start, 200, GuideFamily.trainingCells))
    }
    self.networks = networks
  }

  /// The best, by mean ELBO, of a few distilled random networks and of the narrower guide, grown.
  static func start(
    width: Int, after narrower: Guide?, data: DataSet, decoder: DenseNetwork<Double>,
    using generator: inout some RandomNumberGenerator
  ) -> Guide {
    let name = "network 2–\(width)–\(width)–2"
    let widths = [2, width, width, 2]
    var candidates = (0..<starts).map { _ in
      let random = DenseNetwork<Double>(widths: widths, activation: .tanh, using: &generator)
      return distilled(Guide(name, random), on: data.x, optima: data.optima, iterations: 250).guide
    }
    if let narrower {
      candidates.append(Guide(name, grown(narrower.network, widths: widths, using: &generator)))
    }
    var batch = BatchELBO(data: data.x, decoder: decoder, cells: trainingCells)
    let means = candidates.map { batch($0(data.x), decoder: decoder).mean }
    return candidates[means.indices.max { means[$0] < means[$1] }!]
  }
}
