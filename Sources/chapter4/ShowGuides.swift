import Figures
import Notebook
import TinyNumerics
import ToyModels

// 4.4, 4.6 and 4.7: guides of growing width, what they cost, and what they do with an x they have not seen.

extension Study {
  // MARK: 4.4

  func showGuides(in notebook: Notebook) throws {
    notebook.section("4.4", "The neural model: guides of growing width")
    notebook.text(
      """
      A constant guide, a linear one and tanh networks climb the mean ELBO of the \(training.count) data \
      points. The ELBO of a two-peaked posterior has two summits, and a network that starts below the \
      wrong one stays there; so a few random networks are first fitted to the λ* of 4.1 (least mean \
      D(q_φ‖N(µ*, σ*²)), closed form), and the best of them, or the narrower guide with new units that \
      nobody listens to yet, goes on to the ELBO. Means in nats:
      """)
    notebook.table(
      ["guide", "parameters", "approximation gap", "amortization gap", "D(q_φ‖p(z|x))"],
      zip(family.all, seen).map { guide, gaps in
        [
          guide.name, "\(guide.trained.count)", mean(gaps.approximation).decimals(4),
          mean(gaps.amortization).decimals(4), mean(gaps.divergence.map(\.value)).decimals(4),
        ]
      })
    let amortization = seen.map { mean($0.amortization) }
    for (k, name) in ["a linear guide", "2–3–3–2", "2–5–5–2", "2–8–8–2"].enumerated() {
      notebook.check(
        .bound(
          "4.4", "\(name) leaves no more than \(family.all[k].name)", lower: amortization[k + 1],
          upper: amortization[k]))
    }
    notebook.gap()
    try notebook.figure("chapter4-guides") { guidesFigure() }
  }

  /// Left the gaps; right a walk along the ribbon x = f_θ(z): the z that each guide finds for it. Where
  /// the ribbon crosses itself each x's own optimum has two places to be.
  private func guidesFigure() -> Figure {
    let ticks = family.all.enumerated().map { k, guide in
      (Double(k), k < 2 ? guide.name : "\(GuideFamily.hiddenWidths[k - 2]) units")
    }
    let means = { (gaps: [Gaps]) in gaps.enumerated().map { (Double($0), mean($1.amortization)) } }
    let walk = stride(from: -3.0, through: 3.0, by: 0.04).map { $0 }
    let ribbon = walk.map { model.meanNetwork($0) }
    let best = DataSet(of: model, x: ribbon).optima.map(\.guide.mean)
    let follow = { (guide: Guide) in
      let lambda = guide(ribbon)
      return walk.indices.map { (walk[$0], lambda[2 * $0]) }
    }
    return Figure(
      "What the guides leave, and why", width: 900, height: 400,
      panels: [
        Panel(
          title: "Mean gap", x: Axis(ticks: ticks), y: Axis("nats", scale: .log10),
          marks: [
            .line(
              means(seen).map { ($0.0, mean(seen[0].approximation)) }, label: "approximation gap",
              colour: .muted, style: .dashed),
            .line(means(unseen), colour: .second, style: .dashed),
            .points(means(unseen), label: "amortization, unseen x", colour: .second, size: 8),
            .line(means(seen)),
            .points(means(seen), label: "amortization, training x", size: 8),
          ]),
        Panel(
          title: "Along the ribbon x = f_θ(z): which z is found", x: Axis("z"),
          y: Axis("µ(x)", range: -3...3),
          marks: [
            .points(
              zip(walk, best).map { ($0, $1) }, label: "each x's own µ*", colour: .muted, size: 5),
            .line(follow(family.linear), label: "linear", colour: .third),
            .line(follow(family.networks[0]), label: "3 units", colour: .fourth),
            .line(follow(family.widest), label: "8 units", colour: .first),
          ]),
      ])
  }

  // MARK: 4.6

  func showCost(in notebook: Notebook) {
    notebook.section("4.6", "What amortization saves")
    notebook.text(
      """
      Counted on the objects above: the numbers that are stored, and the multiplications that turn a new \
      x into its λ. An optimiser runs the decoder at 48 nodes in each step of each climb (only its \
      forward runs are counted here); the guide is run once, and the decoder not at all.
      """)
    let costs = family.all.map {
      Cost(of: $0, optima: training.optima, decoder: decoder, nodes: 48)
    }
    let local = costs[0]
    notebook.table(
      ["", "parameters", "of N", "multiplications for a new x"],
      [["one λ a data point", "\(local.localParameters)", "N · 2D", "\(local.localWork)"]]
        + zip(family.all, costs).map { guide, cost in
          [guide.name, "\(cost.guideParameters)", "constant", "\(cost.guideWork)"]
        })
    let widest = costs[costs.count - 1]
    let width = GuideFamily.hiddenWidths.last!
    notebook.check(
      .exact(
        "4.6", "N · 2D numbers without amortization, N = \(training.count), D = 1",
        Double(local.localParameters), Double(training.count * 2), allowance: 0))
    notebook.check(
      .exact(
        "4.6", "the widest guide's parameters = (2 + 1)H + (H + 1)H + (H + 1)·2D at H = \(width)",
        Double(widest.guideParameters),
        Double(3 * width + (width + 1) * width + 2 * (width + 1)), allowance: 0))
    notebook.check(
      .bound(
        "4.6", "data points from which the widest guide has fewer numbers ≤ N",
        lower: Double(widest.breakEven(latentDimension: 1)), upper: Double(training.count)))
    notebook.check(
      .bound(
        "4.6", "a new x: the widest guide's work ≤ the optimiser's",
        lower: Double(widest.guideWork),
        upper: Double(widest.localWork)))
  }

  // MARK: 4.7

  func showUnseen(in notebook: Notebook) {
    notebook.section("4.7", "Data the guide has not seen")
    notebook.text(
      """
      \(heldOut.count) further draws, each with its own optimum λ* for comparison. No theorem says how a \
      guide does on them; only that no gap is negative. A mean here can hang on a few x, so the median \
      and the largest stand beside it (amortization gaps, nats):
      """)
    notebook.table(
      ["guide", "training: mean", "median", "largest", "unseen: mean", "median", "largest"],
      family.all.indices.map { k in
        [family.all[k].name]
          + [seen[k].amortization, unseen[k].amortization].flatMap {
            [mean($0).decimals(3), median($0).decimals(3), ($0.max() ?? .nan).decimals(2)]
          }
      })
    let worst = unseen.max { $0.relativeResidual < $1.relativeResidual }!
    let i = worst.worst
    let cases = unseen.count * heldOut.count
    notebook.check(
      .exact(
        "4.7", "unseen x: D = approximation gap + amortization gap, the worst of \(cases)",
        worst.divergence[i].value, worst.approximation[i] + worst.amortization[i],
        allowance: worst.allowance(i)))
    notebook.check(
      .bound(
        "4.7", "the smallest gap of either kind on unseen x is not negative", lower: 0,
        upper: unseen.flatMap { $0.approximation + $0.amortization }.min() ?? .nan))
  }
}
