import Notebook
import TinyNumerics

extension Chapter8 {
  static func showIndependentPixels(in notebook: Notebook) {
    notebook.section("8.9", "A DDPM whose log p is known: independent pixels")
    notebook.text(
      """
      Where pixels are independent, 8.4's tanh is the exact denoiser, and log p(x) is a sum of \
      entropies on average. The code that will score a network must give, for this one, a bound \
      that closes. Eight pixels, √SNR in equal steps from 2 to 0.01; the bound by quadrature:
      """)
    let pixels = IndependentPixels.example
    let lengths = [10, 30, 100, 200, 400]
    let bounds = lengths.map { pixels.bound(schedule($0)) }
    notebook.table(
      ["T", "L_T", "Σ L_{t−1}", "L_0", "−ELBO", "−E log p", "T · gap"],
      zip(lengths, bounds).map { steps, bound in
        ["\(steps)"]
          + [
            bound.prior, bound.steps, bound.reconstruction, bound.total, pixels.entropy,
            Double(steps) * (bound.total - pixels.entropy),
          ].map { $0.decimals(6) }
      })
    notebook.check(closingCheck(pixels, Array(bounds.suffix(3))))
    checkPixelDraws(in: notebook)
    notebook.gap()
  }

  /// √SNR in equal steps from 2 to 0.01.
  private static func schedule(_ steps: Int) -> Schedule {
    Schedule(rootSignalToNoiseFrom: 2, to: 0.01, steps: steps)
  }

  /// T = 100, 200, 400. What stays open is the last bit of noise: L_T, less the area below SNR_T.
  private static func closingCheck(
    _ pixels: IndependentPixels, _ bounds: [DenoisingBound]
  ) -> Check {
    let limit = limit(of: bounds.map(\.total), first: 2, second: 4)
    let below = pixels.pixels.map { PixelChannel($0).area(from: 0, to: 1e-4) }
    let open = below.reduce(bounds[0].prior) { $0 - $1.value }
    return .exact(
      "8.9", "−ELBO → −E log p(x) + L_T − ½∫ mmse below SNR_T (from T = 100, 200, 400)",
      limit.value, pixels.entropy + open, allowance: limit.error)
  }

  /// Eq. 8.9 by draws, T = 10 and 30.
  static func checkPixelDraws(in notebook: Notebook) {
    let pixels = IndependentPixels.example
    for (part, steps) in [10, 30].enumerated() {
      var generator = Threefry(seed: notebook.seed, row: 9, part: part)
      let schedule = schedule(steps)
      let images = (0..<notebook.samples(default: 4_000)).flatMap { _ in
        pixels.sample(using: &generator)
      }
      let bounds = schedule.sampledBounds(images, width: pixels.pixels.count, using: &generator) {
        pixels.logOdds($0, $1, schedule)
      }
      let estimate = Estimate(bounds.lazy.map(\.total))
      notebook.check(
        .monteCarlo(
          "8.9", "−ELBO by draws, T = \(steps)", estimate: estimate.mean,
          standardError: estimate.standardError, exact: pixels.bound(schedule).total,
          promise: 0.2))
    }
  }
}
