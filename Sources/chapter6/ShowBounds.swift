import Notebook
import TinyNumerics

extension Study {
  // MARK: 6.3

  func showManySamples(
    of model: VariationalAutoencoder<Double>, _ identity: Identity, in notebook: Notebook
  ) throws {
    notebook.section("6.3", "More samples, tighter bound: ELBO ≤ L_k ≤ log p(x)")
    let exactELBO = mean(identity.elbo)
    let exactEvidence = mean(identity.logEvidence)
    // Every draw is a pass through the decoder, for each image: ten thousand are plenty.
    let draws = min(notebook.samples(default: 1280), 10_000)
    let blocks = max(2, draws / 64)
    let bound = ManySampleBound(
      of: model, images: heldOut, largest: 64, blocks: blocks, seed: notebook.seed)
    notebook.text(
      """
      L_k averages k importance weights before the logarithm is taken. Means over the \
      \(identity.count) held-out images, \(blocks) blocks of 64 draws each; the ends of the ladder are \
      the exact numbers of the section before.
      """)
    notebook.table(
      ["", "nats an image", "standard error"],
      [["ELBO, exact", exactELBO.decimals(4), ""]]
        + zip(bound.draws, bound.bounds).map { k, value in
          ["L_\(k)", value.mean.decimals(4), value.standardError.decimals(4)]
        } + [["log p(x), exact", exactEvidence.decimals(4), ""]])
    let (first, last) = (bound.bounds[0], bound.bounds[bound.bounds.count - 1])
    notebook.check(
      .monteCarlo(
        "6.3", "L_1 is the ELBO: sampled against Gauss–Hermite", estimate: first.mean,
        standardError: first.standardError, exact: exactELBO,
        promise: 1e-3 * abs(exactELBO)))
    notebook.check(
      .bound(
        "6.3",
        "two halves of the same draws never beat their union: the smallest gain, any image and k",
        lower: -1e-12, upper: bound.smallestGain))
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
      figure(of: bound, elbo: exactELBO, evidence: exactEvidence)
    }
  }

  private func figure(of bound: ManySampleBound, elbo: Double, evidence: Double) -> Figure {
    let ladder = zip(bound.draws, bound.bounds).map { k, value in
      (x: Double(k), y: value.mean, error: 2 * value.standardError)
    }
    return Figure(
      "The bound climbs to the evidence as it averages more draws",
      panels: [
        Panel(
          x: Axis(
            "k, draws inside the logarithm", scale: .log10, range: 0.9...110,
            ticks: bound.draws.map { (Double($0), "\($0)") }), y: Axis("nats an image"),
          marks: [
            .horizontal(at: evidence, label: "log p(x), exact", colour: .second),
            .horizontal(at: elbo, label: "ELBO, exact", colour: .third),
            .line(ladder.map { ($0.x, $0.y) }),
            .errorBars(ladder, label: "L_k, sampled, ± 2 standard errors"),
          ])
      ])
  }

  // MARK: 6.4

  func showTinyVAE(in notebook: Notebook) {
    notebook.section("6.4", "The marginal is a probability: Σ_x p(x) = 1")
    let tiny = TinyVAE(trainedOn: training, seed: experiment.seed)
    let probabilities = tiny.probabilities()
    let bounds = tiny.exponentiatedELBOs()
    let count = probabilities.count
    notebook.text(
      """
      A VAE of nine pixels, trained on nine pixels of each digit, can make \(count) images. The evidence \
      of each is integrated over a grid of its own, centred on that image's guide; nothing makes the \
      \(count) numbers sum to 1 but that they are probabilities. The ELBO is a logarithm of something \
      smaller: Σ exp ELBO(x) falls short of 1.
      """)
    let total = probabilities.reduce(0) { $0 + $1.value }
    let error = probabilities.reduce(0) { $0 + $1.error }
    notebook.check(
      .exact(
        "6.4", "Σ p(x) over all \(count) images, each by a rule of its own", total, 1,
        allowance: error + 1e-12))
    notebook.check(.bound("6.4", "the sum of the quadratures' errors", lower: error, upper: 1e-9))
    let excess = zip(bounds, probabilities).map { $0 - $1.value }.max() ?? .nan
    notebook.check(
      .bound("6.4", "exp ELBO(x) − p(x), its largest value", lower: excess, upper: 0))
    notebook.check(
      .trap(
        "6.T", "exp ELBO(x) taken for p(x): its sum over all images", wrong: bounds.reduce(0, +),
        right: 1, allowance: error + 1e-12))
  }
}
