import Figures
import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension Study {
  // MARK: 6.13

  func showGapSplit(
    of model: VariationalAutoencoder<Double>, _ identity: Identity, in notebook: Notebook
  ) throws {
    notebook.section("6.13", "The gap, split: what the family costs, and what the encoder")
    let guides = model.guides(for: examined)
    let rule = GaussHermite(nodes: 8)
    let climbs = guides.indices.map {
      GuideClimb(
        LogLikelihoodGrid(model.decoder, images: examined.row($0)),
        dimension: model.latentDimension, rule: rule)
    }
    let starts = guideStarts(model.decoder, guides, examined)
    let best = notebook.working("the best guide of each image", steps: guides.count) { advance in
      concurrentMap(guides.count, each: advance) { climbs[$0].best(from: starts[$0]) }
    }
    let optimum = Identity(
      of: model.decoder, guides: best, images: examined, evidence: identity.evidence,
      normalisers: identity.normalisers)
    let approximation = optimum.divergence
    let amortization = zip(optimum.elbo, identity.elbo).map(-)
    notebook.text(
      """
      For each of \(guides.count) images the best N(µ, diag σ²) there is: BFGS on the ELBO of that \
      image alone, from the encoder's guide and from the peaks of its posterior \
      (\(starts.reduce(0) { $0 + $1.count }) climbs). What is then left of the gap is the \
      family's; \
      what was gained, the encoder had lost by answering all images at once (4.2).
      """)
    notebook.table(
      ["means, nats an image", ""],
      [
        ["gap, log p(x) − ELBO", mean(identity.divergence).decimals(4)],
        ["approximation, log p(x) − best ELBO", mean(approximation).decimals(4)],
        ["amortization, best ELBO − ELBO", mean(amortization).decimals(4)],
      ])
    notebook.check(optimum.check("6.13", "log p(x) = ELBO + D at the best guide"))
    let losses = concurrentMap(climbs.count) { climbs[$0].smallestLoss(around: best[$0]) }
    notebook.check(
      .worst(
        of: losses.map {
          .bound("6.13", "0 ≤ what any small step from the best guide costs", lower: 0, upper: $0)
        }))
    notebook.check(
      .worst(
        of: guides.indices.map {
          .bound(
            "6.13", "ELBO of the encoder's guide ≤ ELBO of the best", lower: identity.elbo[$0],
            upper: optimum.elbo[$0])
        }))
    notebook.gap()
    try notebook.figure("chapter6-gap-split") {
      figure(Array(zip(approximation, amortization)))
    }
  }

  private func figure(_ gaps: [(Double, Double)]) -> Figure {
    Figure(
      "Each held-out image: how far the best guide is from its posterior, and the encoder's from that",
      width: 520, height: 460,
      panels: [
        Panel(
          x: Axis("approximation gap, nats", scale: .log10),
          y: Axis("amortization gap, nats", scale: .log10),
          marks: [.points(gaps.map { (max($0.0, 1e-4), max($0.1, 1e-4)) }, colour: .divergence)])
      ])
  }
}
