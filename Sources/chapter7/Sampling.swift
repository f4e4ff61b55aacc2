import Notebook
import TinyNumerics

extension PixelChain {
  /// Eq. 7.4, ancestral sampling: x_1 first, then x_2 given it, …: J passes, each of which needs
  /// the draws of those before it.
  func sample(using generator: inout some RandomNumberGenerator) -> [Bool] {
    var x = [Bool](repeating: false, count: count)
    for j in 0..<count {
      x[j] = Bernoulli(logit: logit(j, given: x)).sample(using: &generator)
    }
    return x
  }
}

/// What is averaged over draws: a pixel's mean, a pair's.
struct PixelAverages {
  private(set) var fifth = Estimate()
  private(set) var tenth = Estimate()
  private(set) var pair = Estimate()

  init(draws: Int, of chain: PixelChain, using generator: inout some RandomNumberGenerator) {
    for _ in 0..<draws {
      let x = chain.sample(using: &generator)
      fifth.add(x[4] ? 1 : 0)
      tenth.add(x[9] ? 1 : 0)
      pair.add(x[4] && x[9] ? 1 : 0)
    }
  }
}

extension Chapter7 {
  static func showSampling(in notebook: Notebook) {
    let chain = PixelChain.tenPixels
    let table = chain.table
    let pair = zip(table, allImages(pixels: 10)).reduce(0) {
      $0 + ($1.1[4] && $1.1[9] ? $1.0 : 0)
    }
    // 5 standard errors of a coin are at most 2.5/√n: 0.01 takes 62,500 draws.
    let draws = notebook.samples(default: 70_000)
    var generator = Threefry(seed: notebook.seed, row: 4)
    let sampled = PixelAverages(draws: draws, of: chain, using: &generator)
    notebook.text(
      """
      To score an image all ten conditionals are asked at once: one pass, for every pixel is \
      known. To draw one, each pixel has to wait for those before it: ten passes. One pass that \
      drew every pixel by its own mean would have the means right and the pairs wrong: P(x_5 = \
      x_10 = 1) would be \((chain.mean(ofPixel: 4) * chain.mean(ofPixel: 9)).decimals(4)) instead \
      of \(pair.decimals(4)).
      """)
    for (name, estimate, exact) in [
      ("E x_5", sampled.fifth, chain.mean(ofPixel: 4)),
      ("E x_10", sampled.tenth, chain.mean(ofPixel: 9)), ("E x_5 x_10", sampled.pair, pair),
    ] {
      notebook.check(
        .monteCarlo(
          "7.4", "\(name) of \(draws) draws = that of all images", estimate: estimate.mean,
          standardError: estimate.standardError, exact: exact, promise: 0.01))
    }
  }
}
