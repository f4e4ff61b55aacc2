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
      for check in toldChecks(models) { notebook.check(check) }
    }
    try notebook.figure("chapter8-samples") { samplesFigure(models) }
  }

  /// Whose samples are told from data less often: by five standard errors those of the three best
  /// than the small VAE's, which the GAN's follow. Tests that show the same real images differ less
  /// than two that share nothing.
  private func toldChecks(_ models: [ModelOnDigits]) -> [Check] {
    func told(_ i: Int) -> Estimate { models[i].told ?? Estimate() }
    func error(_ i: Int, _ k: Int) -> Double {
      let (a, b) = (told(i).standardError, told(k).standardError)
      return (a * a + b * b).squareRoot()
    }
    return [
      .worst(
        of: [1, 2, 3].map { i in
          .bound(
            "8.11", "told from data: \(models[i].name) + 5 s.e. ≤ \(models[0].name)",
            lower: told(i).mean + 5 * error(i, 0), upper: told(0).mean)
        }),
      .bound(
        "8.11", "told from data: \(models[0].name) ≤ \(models[4].name)", lower: told(0).mean,
        upper: told(4).mean, standardError: error(0, 4)),
    ]
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
