import Figures
import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension DigitStudy {
  func showCodes(in notebook: Notebook) throws {
    let models = try models(in: notebook)
    let codes = FlowCodes(denoiser: try denoiser(.data, in: notebook))
    notebook.text(
      """
      A VAE encodes by its guide. A DDPM's guide only adds noise; its code comes from the flow of \
      8.8, which for pixels is dw/dr = E[x_0|w], w = r x_0 + ε, from r = 2 down to 0.01, hardly \
      more than noise. A single pixel first, where the code is known without integration; then \
      held-out digits, to 64 numbers and back:
      """)
    notebook.check(DigitStudy.pixelFlowCheck)
    var generator = Threefry(seed: seed, row: 12)
    let images = digits.heldOut.rows(0..<40)
    let noisy = codes.noisy(images, using: &generator)
    notebook.check(roundTripCheck(codes, noisy))
    notebook.gap()
    try showReconstructions(codes, images, noisy, in: notebook)
    showInterpolation(codes, in: notebook)
    showNearest(models, in: notebook)
  }

  /// A single pixel, P(+1) = 0.3, from r = 2 to 0.01.
  private static var pixelFlowCheck: Check {
    let pixel = Pixel(probability: 0.3)
    let flow = PixelFlow { w, root in w.numbers.map { pixel.logOdds + 2 * root * $0 } }
    let start = Rows([-3.5, -2, -0.9, 0.1, 0.8, 2.2, 3.4], width: 1)
    let runs = [FlowCodes.steps / 2, FlowCodes.steps].map {
      flow.carry(start, from: 2, to: 0.01, steps: $0).numbers
    }
    return .worst(
      "8.12", "the flow of a pixel keeps P(w ≤ ·)",
      of: start.numbers.indices.map { i in
        (
          pixel.share(below: runs[1][i], root: 0.01), pixel.share(below: start.numbers[i], root: 2),
          abs(runs[1][i] - runs[0][i]) + rounding(1)
        )
      })
  }

  /// There and back, in 60 steps each way. What half as many steps change is the method's own
  /// error.
  private func roundTripCheck(_ codes: FlowCodes, _ noisy: Rows<Double>) -> Check {
    let w = noisy.numbers
    let trips = [FlowCodes.steps / 2, FlowCodes.steps].map { steps in
      codes.decode(codes.encode(noisy, steps: steps), steps: steps).numbers
    }
    return .worst(
      "8.12", "to 64 numbers and back: w of digits, each at its worst pixel",
      of: noisy.indices.map { row in
        let pixels = row * noisy.width..<(row + 1) * noisy.width
        let worst = pixels.max { abs(trips[1][$0] - w[$0]) < abs(trips[1][$1] - w[$1]) } ?? 0
        let change = pixels.reduce(0) { max($0, abs(trips[1][$1] - trips[0][$1])) }
        return (trips[1][worst], w[worst], change + rounding(64))
      })
  }

  private func showReconstructions(
    _ codes: FlowCodes, _ images: Rows<Double>, _ noisy: Rows<Double>, in notebook: Notebook
  ) throws {
    let back = codes.greys(codes.decode(codes.encode(noisy)))
    func wrong(_ greys: Rows<Double>) -> Double {
      let pairs = zip(greys.numbers, images.numbers)
      return Double(pairs.count { ($0 > 0.5) != ($1 > 0.5) }) / Double(images.count)
    }
    var rows: [[String]] = []
    for latent in [2, 8] {
      let model = try autoencoder(latent: latent, in: notebook)
      let greys = model.decoder(Rows(model.guides(for: images).map(\.mean))).numbers.map(sigmoid)
      rows.append(
        [
          "VAE, mean of the guide", "\(latent)",
          wrong(Rows(greys, width: images.width)).decimals(2),
        ])
    }
    let lengths = Estimate(
      codes.encode(noisy).map { $0.reduce(0) { $0 + $1 * $1 } / Double(images.width) })
    rows.append(["DDPM, flow", "\(images.width)", wrong(back).decimals(2)])
    notebook.table(["encode, decode", "numbers", "wrong pixels of 64"], rows)
    notebook.text(
      """
      The DDPM's codes have a mean square of \(lengths.mean.decimals(2)) ± \
      \(lengths.standardError.decimals(2)); noise has 1. Four digits, and below them what comes \
      back:
      """)
    notebook.verbatim(pictures(images.rows(0..<4)))
    notebook.verbatim(pictures(back.rows(0..<4)))
  }

  /// From a held-out 0 to a 1.
  private func showInterpolation(_ codes: FlowCodes, in notebook: Notebook) {
    let labels = digits.heldOutLabels
    let ends = [0, 1].map { labels.firstIndex(of: $0) ?? 0 }
    var generator = Threefry(seed: seed, row: 12, part: 1)
    let pair = codes.noisy(
      Rows(ends.map { Array(digits.heldOut[$0]) }), using: &generator)
    let code = codes.encode(pair)
    let path = FlowCodes.arc(from: code[0], to: code[1], steps: 4)
    notebook.text("From a 0 to a 1 on the great circle between their codes:")
    notebook.verbatim(pictures(codes.greys(codes.decode(path))))
  }

  private func pictures(_ images: Rows<Double>) -> String {
    ShadedImage.row(images.map { ShadedImage(Array($0), width: 8) })
  }

  /// Eq. 8.12: does a model copy? How far its samples are from the nearest training image.
  private func showNearest(_ models: [ModelOnDigits], in notebook: Notebook) {
    let sets = [("held-out images", digits.heldOut)] + models.map { ($0.name, $0.samples) }
    let distances = sets.map { SampleStatistics($0.1, training: nearest).distances }
    notebook.text("Copies? Pixels between an image and the nearest training image:")
    notebook.table(
      ["images", "mean", "share at 0", "share at 1", "share at most 3"],
      zip(sets, distances).map { set, distances in
        [set.0, mean(distances).decimals(2)]
          + [0, 1, 3].map { most in
            let share = distances.count { most == 3 ? $0 <= 3 : $0 == Double(most) }
            return (Double(share) / Double(distances.count)).decimals(3)
          }
      })
    guard isTrained else { return }
    for (near, far) in [(0, 3), (3, 1)] {
      let (a, b) = (Estimate(distances[near]), Estimate(distances[far]))
      let error = (a.standardError * a.standardError + b.standardError * b.standardError)
        .squareRoot()
      notebook.check(
        .bound(
          "8.12", "nearer to training images: \(sets[near].0) than \(sets[far].0)",
          lower: a.mean, upper: b.mean, standardError: error))
    }
  }
}
