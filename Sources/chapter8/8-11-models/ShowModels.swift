import Figures
import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension DigitStudy {
  func showModels(in notebook: Notebook) throws {
    let models = try models(in: notebook)
    notebook.text(
      """
      The same \(digits.heldOut.count) held-out images for all, \(epochs) epochs for each network. \
      Nats an image, ≥ for a lower bound on log p(x), and as bits a pixel. Of \
      \(DigitStudy.sampleCount) samples each: their classes by the nearest training image (total \
      variation from the training images' classes), how many pixels that image is away, and how \
      often 7.12's network tells them from data (± \
      \(models[0].told?.standardError.decimals(3) ?? "")):
      """)
    let statistics = models.map { SampleStatistics($0.samples, training: nearest) }
    let own = SampleStatistics(digits.heldOut, training: nearest)
    notebook.table(
      ["model", "nats", "bits", "numbers", "passes", "classes", "away", "told"],
      zip(models, statistics).map { model, statistics in
        [
          model.name, (model.isBound ? "≥ " : "") + mean(model.scores).decimals(2),
          model.bitsPerPixel.decimals(3),
          "\(model.parameters)", "\(model.passes)", statistics.classes.decimals(2),
          mean(statistics.distances).decimals(1), model.told?.mean.decimals(2) ?? "",
        ]
      } + [
        [
          "held-out images", "", "", "", "", own.classes.decimals(2),
          mean(own.distances).decimals(1),
        ]
      ])
    for check in try modelChecks(models, in: notebook) { notebook.check(check) }
    if isTrained {
      for (worse, better) in [(0, 1), (0, 2), (0, 3), (4, 0)] {
        let kind = models[better].isBound ? "bound of " : ""
        notebook.check(
          .claim(
            "8.11", "\(models[worse].name) + 5 s.e. ≤ \(kind)\(models[better].name)",
            models[worse].scores,
            models[better].scores))
      }
      notebook.check(.worst(of: toldChecks(models, [1, 2, 3], 0)))
      for check in toldChecks(models, [0], 4) { notebook.check(check) }
    }
    try notebook.figure("chapter8-samples") { samplesFigure(models) }
  }

  /// Whose samples are told from data less often than those of another. Both tests show the same real
  /// images; the spread of two that share nothing is as large at least.
  private func toldChecks(
    _ models: [ModelOnDigits], _ harder: [Int], _ easier: Int
  ) -> [Check] {
    harder.compactMap { harder in
      guard let a = models[harder].told, let b = models[easier].told else { return nil }
      let error = (a.standardError * a.standardError + b.standardError * b.standardError)
        .squareRoot()
      return .bound(
        "8.11", "told from data: \(models[harder].name) + 5 s.e. ≤ \(models[easier].name)",
        lower: a.mean + 5 * error, upper: b.mean)
    }
  }

  /// The training images, for finding the nearest.
  var nearest: NearestImage {
    NearestImage(images: digits.training.bits, labels: digits.trainingLabels)
  }

  /// What can be said of the scores by a second route.
  private func modelChecks(
    _ models: [ModelOnDigits], in notebook: Notebook
  ) throws -> [Check] {
    let plane = try autoencoder(latent: 2, in: notebook)
    let bound = Estimate(
      zip(manySampleBound(of: plane, in: notebook), models[0].scores).map(-))
    let flips = memory.bestFlips(turns: DigitStudy.turns)
    let others = [0.5, 0.9, 0.99, 1.01, 1.1, 2].map { factor in
      memory.leaveOneOutLogProbability(flips: factor * flips)
    }
    let pixels = digits.pixelMeans.channels(of: digits.heldOut).map(\.area)
    let area = pixels.reduce(Integral(exactly: 0), +)
    return [
      .bound(
        "8.11", "two latents: L_\(DigitStudy.boundDraws) − log p(x), which a grid knows, ≤ 0",
        lower: bound.mean, upper: 0, standardError: bound.standardError),
      .bound(
        "8.11", "two latents: and within 0.05 nats of it", lower: -0.05, upper: bound.mean,
        standardError: bound.standardError),
      .worst(
        of: others.map {
          .bound(
            "8.11", "no other ε makes the training images more probable, each under the others",
            lower: $0, upper: memory.leaveOneOutLogProbability(flips: flips))
        }),
      .exact(
        "8.11", "independent pixels: −mean log p(x) = ½∫ mse dγ (8.7)", -mean(models[6].scores),
        area.value, allowance: area.error + rounding(64, terms: 400)),
    ]
  }

  /// Rows of samples, the held-out images at the top.
  private func samplesFigure(_ models: [ModelOnDigits]) -> Figure {
    let columns = 14
    func first(_ images: Rows<Double>) -> [[Double]] {
      images.rows(0..<columns).map { Array($0) }
    }
    let rows = [digits.heldOut] + models.map(\.samples)
    return Figure(
      "Held-out digits, and what each model draws", width: 760, height: 440,
      panels: [
        Panel(
          images: ImageGrid(
            rows.flatMap(first), width: 8, height: 8,
            columns: columns),
          rows: ["held out"] + models.map(\.name))
      ])
  }
}
