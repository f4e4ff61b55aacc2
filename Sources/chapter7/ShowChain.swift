import Notebook
import TinyNumerics

extension Chapter7 {
  static func showChain(in notebook: Notebook) {
    notebook.text(
      """
      Ten pixels, each a coin whose logit is linear in the pixels before it. The product of ten \
      conditionals is a probability, so the probabilities of all 1,024 images add up to 1; no \
      latent, no integral, no bound. Once more, grown pixel by pixel from the left, they come out \
      the same.
      """)
    let chain = PixelChain.tenPixels
    let table = chain.table
    // 1 − sigmoid ℓ is rounded at the size of 1: a small p(x) is as exact as a large one
    let largest = table.max() ?? 1
    let direct = (0..<10).map { pixelMean($0, in: table) }
    notebook.table(
      ["pixel"] + (1...10).map { "\($0)" },
      [["mean"] + direct.map { $0.decimals(2) }])
    notebook.check(
      .exact(
        "7.1", "Σ_x p(x) = 1 over 1,024 images", table.reduce(0, +), 1,
        allowance: rounding(1, terms: 1024)))
    var generator = Threefry(seed: notebook.seed, row: 1)
    notebook.check(
      .worst(
        of: (0..<24).map { i in
          let other = PixelChain(pixels: 1 + i % 12, using: &generator)
          return .exact(
            "7.1", "and for random weights, 1 to 12 pixels", other.table.reduce(0, +), 1,
            allowance: rounding(1, terms: 4096))
        }))
    notebook.check(
      .worst(
        of: zip(chain.prefixes(length: 10), table).map { grown, whole in
          .exact(
            "7.1", "p(x), grown pixel by pixel = exp Σ log p(x_j|…)", grown, whole,
            allowance: rounding(largest))
        }))
    for check in firstPixels(table) + averages(chain, table) { notebook.check(check) }
  }

  /// P(x_j = 1), j from 0, summed over all images.
  static func pixelMean(_ j: Int, in table: [Double]) -> Double {
    zip(table, allImages(pixels: 10)).reduce(0) { $0 + ($1.1[j] ? $1.0 : 0) }
  }

  /// Two pixels by hand: ℓ_1 = cos 1, ℓ_2 = cos 2 + 2 sin(3·2 + 5·1) x_1.
  private static func firstPixels(_ table: [Double]) -> [Check] {
    func share(_ first: Bool, _ second: Bool) -> Double {
      zip(table, allImages(pixels: 10)).reduce(0) {
        $0 + ($1.1[0] == first && $1.1[1] == second ? $1.0 : 0)
      }
    }
    let one = 1 / (1 + exp(-cos(1.0)))
    return [
      .exact(
        "7.1", "P(1, 1) = sigmoid(cos 1) sigmoid(cos 2 + 2 sin 11), by hand", share(true, true),
        one / (1 + exp(-cos(2.0) - 2 * sin(11.0))), allowance: rounding(1, terms: 256)),
      .exact(
        "7.1", "P(0, 1) = sigmoid(−cos 1) sigmoid(cos 2), by hand", share(false, true),
        (1 - one) / (1 + exp(-cos(2.0))), allowance: rounding(1, terms: 256)),
    ]
  }

  private static func averages(_ chain: PixelChain, _ table: [Double]) -> [Check] {
    let entropy = table.reduce(0) { $0 - $1 * log($1) }
    return [
      .worst(
        of: (0..<10).map { j in
          .exact(
            "7.1", "E x_j: over all images = over beginnings", pixelMean(j, in: table),
            chain.mean(ofPixel: j), allowance: rounding(1, terms: 1024))
        }),
      .exact(
        "7.1", "H(p) = −Σ p log p = Σ_j E H(x_j | x_1 … x_{j−1})", entropy, chain.entropy,
        allowance: rounding(1, entropy, terms: 1024)),
    ]
  }
}
