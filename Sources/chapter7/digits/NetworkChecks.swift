import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension DigitStudy {
  /// What an output can see of an input is a number of paths through the hidden units. That of the
  /// masks is (M₁M₂)_kj; that of the degrees, 1 … J − 1 in turns, is counted.
  func maskChecks(_ model: PixelNetwork) -> [Check] {
    let (pixels, hidden) = (model.network.inputWidth, model.network.widths[1])
    let mask = PixelNetwork.mask(pixels: pixels, hidden: hidden).map { Double($0) }
    let second = model.network.weightsStart(ofLayer: 1)
    let paths = (0..<pixels * pixels).map { kj in
      let (k, j) = (kj / pixels, kj % pixels)
      let product = (0..<hidden).reduce(0) {
        $0 + mask[k * hidden + $1] * mask[second + $1 * pixels + j]
      }
      // Each degree from k to j − 1 has a unit for each of its turns.
      let turns = (hidden / (pixels - 1), hidden % (pixels - 1))
      let counted =
        turns.0 * max(j - k, 0) + max(min(j, turns.1) - min(k, turns.1), 0)
      return Check.exact(
        "7.3", "paths k → j: (M₁M₂)_kj = a count of degrees", product,
        Double(counted), allowance: 0)
    }
    return [
      .worst(of: paths),
      .exact(
        "7.3", "numbers in use: ones in the masks = J links a unit + biases", mask.reduce(0, +),
        Double(pixels * hidden + hidden + pixels), allowance: 0),
    ] + slopeChecks(model)
  }

  /// ∂ℓ_j/∂x_k at a held-out image: back through the network, and as the sum over paths
  /// Σ_i w_ki a′(s_i) v_ij.
  private func slopeChecks(_ model: PixelNetwork) -> [Check] {
    let (network, pixels) = (model.network, model.network.inputWidth)
    let x = Array(digits.heldOut[0])
    let slopes = network.inputSlopes(at: Rows([[Double]](repeating: x, count: pixels))) { outputs in
      // Row j asks for output j alone.
      var one = outputs
      for i in one.numbers.indices { one.numbers[i] = i / pixels == i % pixels ? 1 : 0 }
      return (0, one)
    }.slopes
    let layers = network.layers
    let bends = network.layers[0][pixels].indices.map { i in
      sigmoid((0..<pixels).reduce(layers[0][pixels][i]) { $0 + x[$1] * layers[0][$1][i] })
    }
    let pairs = (0..<pixels).flatMap { j in (0..<pixels).map { k in (j, k) } }
    let unseen = pairs.filter { j, k in k >= j }.map { j, k in
      Check.exact(
        "7.3", "∂ℓ_j/∂x_k = 0 for k ≥ j", slopes.numbers[j * pixels + k], 0, allowance: 0)
    }
    let seen = pairs.filter { j, k in k < j }.map { j, k in
      let terms = bends.indices.map { layers[0][k][$0] * bends[$0] * layers[1][$0][j] }
      return Check.exact(
        "7.3", "∂ℓ_j/∂x_k, k < j: backwards = the sum over paths",
        slopes.numbers[j * pixels + k], terms.reduce(0, +),
        allowance: rounding(terms.reduce(0) { $0 + abs($1) }, 1, terms: 128))
    }
    return [.worst(of: unseen), .worst(of: seen)]
  }

  /// That it is a chain: pixel by pixel from beginnings alone, and with all ends counted.
  func orderChecks(_ model: PixelNetwork) -> [Check] {
    let pixels = model.network.inputWidth
    var generator = Threefry(seed: seed, row: 3, part: 2)
    let images = digits.heldOut.rows(0..<5)
    let scores = model.logProbabilities(of: images)
    let piecewise = images.enumerated().map { i, image in
      // Row j is the image up to pixel j − 1, and coin flips from there on.
      let beginnings = Rows(
        (0..<pixels).flatMap { j in
          image.prefix(j) + (j..<pixels).map { _ in generator.uniform() < 0.5 ? 1 : 0 }
        }, width: pixels)
      let terms = zip(image, model.logits(of: beginnings)).enumerated().map { j, pixel in
        Bernoulli(logit: pixel.1[pixel.1.startIndex + j]).logProbability(pixel.0 == 1)
      }
      return Check.exact(
        "7.3", "log p(x) in one pass = in 64, the rest coin flips",
        scores[i], terms.reduce(0, +), allowance: rounding(scores[i], 10))
    }
    let free = 10
    let beginning = digits.heldOut[0].prefix(pixels - free)
    let ends = Rows(
      allImages(pixels: free).flatMap { beginning + $0.map { $0 ? 1 : 0 } }, width: pixels)
    let mass = zip(ends, model.logits(of: ends)).reduce(0) { sum, end in
      sum
        + exp(
          zip(end.0, end.1).suffix(free).reduce(0) {
            $0 + Bernoulli(logit: $1.1).logProbability($1.0 == 1)
          })
    }
    return [
      .worst(of: piecewise),
      .exact(
        "7.3", "Σ p(last ten pixels | those before) = 1 over 1,024 ends", mass, 1,
        allowance: rounding(1, terms: 1024)),
    ]
  }
}
