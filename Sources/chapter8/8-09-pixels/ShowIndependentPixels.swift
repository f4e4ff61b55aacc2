import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension DigitStudy {
  func showIndependentPixels(in notebook: Notebook) {
    notebook.text(
      """
      Where pixels are independent, 8.4's tanh is the exact denoiser, and log p(x) is a sum. The \
      code that will score a network must give, for this one, a bound that closes. The pixels' \
      means are those of 1,500 digits, the bound is averaged over 297 held-out ones; √SNR in equal \
      steps from 2 to 0.01, by quadrature:
      """)
    let (pixels, heldOut) = (digits.pixelMeans, digits.heldOut)
    let exact = -mean(heldOut.map(pixels.logProbability))
    let lengths = [10, 30, 50, 100, 200]
    let bounds = concurrentMap(lengths.count) { k in
      pixels.bound(.pixels(steps: lengths[k]), of: heldOut)
    }
    notebook.table(
      ["T", "L_T", "Σ L_{t−1}", "L_0", "−ELBO", "−mean log p", "T · gap"],
      zip(lengths, bounds).map { steps, bound in
        ["\(steps)"]
          + [
            bound.prior, bound.steps, bound.reconstruction, bound.total, exact,
            Double(steps) * (bound.total - exact),
          ].map { $0.decimals(6) }
      })
    notebook.check(closingCheck(Array(bounds.suffix(3)), exact))
    digits.checkPixelDraws(in: notebook)
    notebook.gap()
    notebook.text(
      "And the code that will draw images. One pixel, P(+1) = 0.3, beside its transition densities:"
    )
    BinaryDigits.checkDrawnPixels(in: notebook)
  }

  /// T = 50, 100, 200. What stays open is the last bit of noise: L_T, less the area below SNR_T.
  private func closingCheck(_ bounds: [DenoisingBound], _ exact: Double) -> Check {
    let limit = limit(of: bounds.map(\.total), first: 2, second: 4)
    let below = digits.pixelMeans.channels(of: digits.heldOut).map { $0.area(from: 0, to: 1e-4) }
    let open = below.reduce(bounds[0].prior) { $0 - $1.value }
    return .exact(
      "8.9", "−ELBO → −mean log p(x) + L_T − ½∫ mse below SNR_T (from T = 50, 100, 200)",
      limit.value, exact + open, allowance: limit.error)
  }
}

extension BinaryDigits {
  /// How many draws each held-out image gets, of as many as a check may take; at least two, for a
  /// standard error.
  func drawsPerImage(in notebook: Notebook) -> Int {
    max(2, notebook.samples(default: 16 * heldOut.count) / heldOut.count)
  }

  /// Eq. 8.9 by draws, T = 10 and 30: the images are given, the noise is drawn.
  func checkPixelDraws(in notebook: Notebook) {
    let pixels = pixelMeans
    for (part, steps) in [10, 30].enumerated() {
      let schedule = Schedule.pixels(steps: steps)
      let score = schedule.score(
        signs(heldOut), draws: drawsPerImage(in: notebook), seed: notebook.seed, row: 9, part: part
      ) { pixels.logOdds($0, $1, schedule) }
      notebook.check(
        .monteCarlo(
          "8.9", "−ELBO by draws, T = \(steps)", estimate: score.mean,
          standardError: score.standardError, exact: pixels.bound(schedule, of: heldOut).total,
          promise: 0.4))
    }
  }

  /// Pixels from the chain, T = 3 and 10.
  static func checkDrawnPixels(in notebook: Notebook) {
    let pixel = Pixel(probability: 0.3)
    for (part, steps) in [3, 10].enumerated() {
      let schedule = Schedule.pixels(steps: steps)
      var generator = Threefry(seed: notebook.seed, row: 9, part: 90_000 + part)
      let pixels = IndependentPixels(probabilities: [pixel.probability])
      let drawn = schedule.sample(
        notebook.samples(default: 40_000), width: 1, using: &generator
      ) { pixels.logOdds($0, $1, schedule) }
      let share = Estimate(drawn.numbers)
      notebook.check(
        .monteCarlo(
          "8.9", "share of pixels +1 from the chain, T = \(steps)", estimate: share.mean,
          standardError: share.standardError, exact: schedule.probability(of: pixel),
          promise: 0.02))
    }
  }
}
