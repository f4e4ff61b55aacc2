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
      Nats an image; ≥ marks a lower bound on log p(x), ± is the standard error over images, \
      which models share: differences are known better. Bits are a pixel's. Of \
      \(DigitStudy.sampleCount) samples each: their classes by the nearest training image (total \
      variation from the training images' classes), and how many pixels that image is away:
      """)
    let (training, labels) = (BitImages(digits.training), digits.dataset.training.labels)
    let statistics = models.map {
      SampleStatistics($0.samples, training: training, labels: labels)
    }
    let own = SampleStatistics(digits.heldOut, training: training, labels: labels)
    notebook.table(
      ["model", "nats", "±", "bits", "numbers", "passes", "classes", "away"],
      zip(models, statistics).map { model, statistics in
        [
          model.name, (model.isBound ? "≥ " : "") + mean(model.scores).decimals(2),
          Estimate(model.scores).standardError.decimals(2), model.bitsPerPixel.decimals(3),
          "\(model.parameters)", "\(model.passes)", statistics.classes.decimals(2),
          mean(statistics.distances).decimals(1),
        ]
      } + [
        [
          "held-out images", "", "", "", "", "", own.classes.decimals(2),
          mean(own.distances).decimals(1),
        ]
      ])
    for check in try modelChecks(models, in: notebook) { notebook.check(check) }
    if isTrained {
      for better in [1, 2] {
        notebook.check(
          .claim(
            "8.11", "\(models[0].name) < bound of \(models[better].name)", models[0].scores,
            models[better].scores))
      }
    }
    try notebook.figure("chapter8-samples") { samplesFigure(models) }
  }

  /// What can be said of the scores by a second route.
  private func modelChecks(
    _ models: [ModelOnDigits], in notebook: Notebook
  ) throws -> [Check] {
    let plane = try autoencoder(latent: 2, in: notebook)
    let bound = Estimate(
      zip(manySampleBound(of: plane, in: notebook), models[0].scores).map(-))
    let memoriser = Memoriser(leavingOneOut: BitImages(digits.training))
    let others = [0.5, 0.9, 0.99, 1.01, 1.1, 2].map { factor in
      Memoriser(memoriser.images, flip: factor * memoriser.flip).leaveOneOutLogProbability
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
            lower: $0, upper: memoriser.leaveOneOutLogProbability)
        }),
      .exact(
        "8.11", "independent pixels: −mean log p(x) = ½∫ mse dγ (8.7)", -mean(models[4].scores),
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
      "Held-out digits, and what each model draws", width: 760, height: 400,
      panels: [
        Panel(
          images: ImageGrid(
            rows.flatMap(first), width: digits.dataset.columns, height: digits.dataset.rows,
            columns: columns),
          rows: ["held out"] + models.map(\.name))
      ])
  }
}
