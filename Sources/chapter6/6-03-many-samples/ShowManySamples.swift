import Figures
import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension Study {
  // MARK: 6.3

  func showManySamples(
    of model: VariationalAutoencoder<Double>, _ identity: Identity, in notebook: Notebook
  ) throws {
    notebook.section("6.3", "More samples, tighter bound: ELBO ≤ L_k ≤ log p(x)")
    let exactELBO = mean(identity.elbo)
    let exactEvidence = mean(identity.logEvidence)
    let bound = manySampleBound(of: model, in: notebook)
    notebook.text(
      """
      L_k averages k importance weights before the logarithm is taken. Means over the \
      \(identity.count) held-out images, \(bound.blocks) blocks of 64 draws each; the ends of the \
      ladder are the exact numbers of the section before.
      """)
    showLadder(
      bound, first: ["ELBO, exact", exactELBO.decimals(4), ""],
      last: ["log p(x), exact", exactEvidence.decimals(4), ""], in: notebook)
    let (first, last) = (bound.bounds[0], bound.bounds[bound.bounds.count - 1])
    show(
      .monteCarlo(
        "6.3", "L_1 is the ELBO: sampled against Gauss–Hermite", estimate: first.mean,
        standardError: first.standardError, exact: exactELBO, promise: promise(for: exactELBO)),
      in: notebook)
    notebook.check(smallestGain(of: bound))
    notebook.check(
      .bound(
        "6.3", "ELBO ≤ L_64, on average", lower: exactELBO, upper: last.mean,
        standardError: last.standardError))
    notebook.check(
      .bound(
        "6.3", "L_64 ≤ log p(x), on average", lower: last.mean, upper: exactEvidence,
        standardError: last.standardError))
    notebook.gap()
    try notebook.figure("chapter6-many-samples") {
      figure(of: bound, elbo: exactELBO, evidence: exactEvidence, isExact: true)
    }
  }

  /// A thousandth of the ELBO, or of ¼ nat a pixel, for as many images as there are digits; with n
  /// images the standard error of their mean goes as 1/√n.
  func promise(for elbo: Double) -> Double {
    let scale = max(abs(elbo), Double(dataset.pixels) / 4)
    return 1e-3 * scale * max(1, 297 / Double(dataset.examinedCount)).squareRoot()
  }

  /// Every draw is a pass through the decoder, for each image: ten thousand are plenty. Of all
  /// images together there are sixty blocks at least: a standard error of two numbers says nothing.
  func manySampleBound(
    of model: VariationalAutoencoder<Double>, in notebook: Notebook
  ) -> ManySampleBound {
    let draws = min(notebook.samples(default: 1280), 10_000)
    let fewest = max(2, 60 / dataset.examinedCount)
    return notebook.working("L_1 to L_64", steps: dataset.examinedCount) { advance in
      ManySampleBound(
        of: model.decoder, guides: model.guides(for: examined), images: examined, largest: 64,
        blocks: max(fewest, draws / 64), seed: notebook.seed, eachImage: advance)
    }
  }

  func showLadder(
    _ bound: ManySampleBound, first: [String], last: [String], in notebook: Notebook
  ) {
    notebook.table(
      ["", "nats an image", "standard error"],
      [first]
        + zip(bound.draws, bound.bounds).map { k, value in
          ["L_\(k)", value.mean.decimals(4), value.standardError.decimals(4)]
        } + [last])
  }

  func smallestGain(of bound: ManySampleBound) -> Check {
    .bound(
      "6.3",
      "two halves of the same draws never beat their union: the smallest gain, any image and k",
      lower: -rounding(bound.bounds[0].mean, 1), upper: bound.smallestGain)
  }

  func figure(
    of bound: ManySampleBound, elbo: Double, evidence: Double, isExact: Bool
  ) -> Figure {
    let word = isExact ? "exact" : "estimated"
    let ladder = zip(bound.draws, bound.bounds).map { k, value in
      (x: Double(k), y: value.mean, error: 2 * value.standardError)
    }
    return Figure(
      "The bound climbs to the evidence as it averages more draws",
      panels: [
        Panel(
          x: Axis(
            "k, draws inside the logarithm", scale: .log10, range: 0.9...300,
            ticks: bound.draws.map { (Double($0), "\($0)") }), y: Axis("nats an image"),
          marks: [
            .horizontal(at: evidence, label: "log p(x), \(word)", colour: .second),
            .horizontal(at: elbo, label: "ELBO, \(word)", colour: .third),
            .line(ladder.map { ($0.x, $0.y) }),
            .errorBars(ladder, label: "L_k, sampled, ± 2 standard errors"),
          ])
      ])
  }
}
