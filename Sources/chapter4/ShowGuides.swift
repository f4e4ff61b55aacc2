import Figures
import Notebook
import TinyNetworks
import TinyNumerics
import ToyModels

// 4.4, 4.6 and 4.7: guides of growing width, what they cost, and what they do with an x they have
// not seen.

extension Study {
  // MARK: 4.4

  func showGuides(in notebook: Notebook) throws {
    notebook.section("4.4", "The neural model: guides of growing width")
    notebook.text(
      """
      A constant guide, a linear one and tanh networks climb the mean ELBO of the \
      \(training.count) data points. The ELBO of a two-peaked posterior has two summits, and a \
      network that starts below the wrong one stays there; so a few random networks are first \
      fitted to the λ* of 4.1 (least mean D(q_φ‖N(µ*, σ*²)), closed form), and the best of them, \
      or the narrower guide with new units that nobody listens to yet, goes on to the ELBO. Means \
      in nats:
      """)
    notebook.table(
      ["guide", "parameters", "approximation", "amortization", "D(q_φ‖p(z|x))"],
      zip(family.all, seen).map { guide, gaps in
        [
          guide.name, "\(guide.trained.count)", mean(gaps.approximation).decimals(4),
          mean(gaps.amortization).decimals(4), mean(gaps.divergence.map(\.value)).decimals(4),
        ]
      })
    checkTraining(in: notebook)
    notebook.gap()
    try notebook.figure("chapter4-guides") { guidesFigure() }
  }

  /// What the climbs are made of, and that a wider network pays.
  private func checkTraining(in notebook: Notebook) {
    let (lambda, targets) = (family.linear(training.x), training.optima)
    let (values, slopes) = divergences(lambda, from: targets)
    notebook.check(
      .worst(
        "4.4", "D(q_φ‖N(µ*, σ*²)) of the distillation = the closed form of eq. 1.8",
        of: targets.indices.map { i in
          let exact = klDivergence(guide(lambda, at: i), relativeTo: targets[i].guide)
          return (values[i], exact, allowance: rounding(1, exact))
        }))
    notebook.check(
      slopeCheck(
        "Σ D(q_φ‖N(µ*, σ*²)), along its own gradient by λ", label: "4.4", at: lambda, slopes
      ) {
        total(divergences($0, from: targets).values)
      })
    var batch = BatchELBO(data: training.x, decoder: decoder)
    let (elbo, byGuide) = gradient(of: family.widest, &batch)
    notebook.check(
      slopeCheck(
        "mean ELBO, along its own gradient by φ", label: "4.4",
        at: family.widest.network.parameters, byGuide
      ) { parameters in
        var guide = family.widest
        guide.network.parameters = parameters
        return gradient(of: guide, &batch).elbo
      })
    var generator = Threefry(seed: seed, row: 4, part: 1)
    let wide = grown(family.widest.network, widths: [2, 11, 9, 2], using: &generator)
    notebook.check(
      .exact(
        "4.4", "2–8–8–2 grown to 2–11–9–2, before training: the same mean ELBO",
        gradient(of: Guide("", wide), &batch).elbo, elbo,
        allowance: rounding(4, elbo, terms: 48)))
    let reached = family.all.map { guide in
      var batch = BatchELBO(data: training.x, decoder: decoder, cells: GuideFamily.trainingCells)
      return batch(guide(training.x), decoder: decoder).mean
    }
    notebook.check(
      .worst(
        of: [(0, 1), (2, 3), (3, 4)].map { narrow, wide in
          .bound(
            "4.4", "a guide that may start as the narrower one does not end with less: mean ELBO",
            lower: reached[narrow], upper: reached[wide])
        }))
    notebook.check(
      .bound(
        "4.4", "amortization gap: the widest guide's is less than a linear one's",
        lower: mean(seen[seen.count - 1].amortization), upper: mean(seen[1].amortization)))
  }

  /// The mean ELBO of a guide and its gradient by all of the guide's parameters.
  private func gradient(of guide: Guide, _ batch: inout BatchELBO) -> (
    elbo: Double, gradient: [Double]
  ) {
    var tape = Tape(of: guide.network, rows: training.count)
    tape.setInput(flattened(training.x))
    guide.network.forward(&tape)
    let result = batch(Array(tape.output), decoder: decoder)
    tape.setOutputGradient(result.gradient.map { $0 / Double(training.count) })
    var gradient = [Double](repeating: 0, count: guide.network.parameterCount)
    guide.network.backward(&tape, parameterGradient: &gradient, wantsInputGradient: false)
    return (result.mean, gradient)
  }

  /// Left the gaps; right a walk along the ribbon x = f_θ(z): the z that each guide finds for it.
  /// Where the ribbon crosses itself each x's own optimum has two places to be.
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
      Counted on the objects above: the numbers that are stored, and the multiplications that turn \
      a new x into its λ, weights that are zero left out. An optimiser runs the decoder at 48 \
      nodes in each step of each climb (only its forward runs are counted here); the guide is run \
      once, and the decoder not at all.
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
    for (width, cost) in zip(GuideFamily.hiddenWidths, costs.dropFirst(2)) {
      notebook.check(
        .exact(
          "4.6", "H = \(width): parameters = (2 + 1)H + (H + 1)H + (H + 1)·2D, D = 1",
          Double(cost.guideParameters), Double(3 * width + (width + 1) * width + 2 * (width + 1)),
          allowance: 0))
      notebook.check(
        .exact(
          "4.6", "H = \(width): multiplications = parameters − biases, 2H + 2",
          Double(cost.guideWork), Double(cost.guideParameters - 2 * width - 2), allowance: 0))
    }
    let widest = costs[costs.count - 1]
    let enough = widest.breakEven(latentDimension: 1)
    notebook.check(
      .bound(
        "4.6", "with \(enough) data points the widest guide has fewer numbers than the λ_i",
        lower: Double(widest.guideParameters + 1), upper: Double(2 * enough)))
    notebook.check(
      .bound(
        "4.6", "and with \(enough - 1) not", lower: Double(2 * (enough - 1)),
        upper: Double(widest.guideParameters)))
    // The decoder is f_θ and g_θ side by side: their own weights, zeros left out.
    let weights = [model.meanNetwork, model.logVarianceNetwork].flatMap {
      [$0.inner, $0.first, $0.second].flatMap { row in (0..<4).map { row[$0] } }
    }.count { $0 != 0 }
    let calls = training.optima.reduce(0) { $0 + $1.calls } / training.count
    notebook.check(
      .exact(
        "4.6",
        "a new x by optimisation: \(calls) ELBOs · 48 nodes · \(weights) weights of f_θ and g_θ",
        Double(local.localWork), Double(calls * 48 * weights), allowance: 0))
  }

  // MARK: 4.7

  func showUnseen(in notebook: Notebook) {
    notebook.section("4.7", "Data the guide has not seen")
    notebook.text(
      """
      \(heldOut.count) further draws, each with its own optimum λ* for comparison. No theorem says \
      how a guide does on them; only that no gap is negative. A mean here can hang on a few x, so \
      the median and the largest stand beside it (amortization gaps, nats):
      """)
    notebook.table(
      ["guide", "seen: mean", "median", "largest", "unseen: mean", "median", "largest"],
      family.all.indices.map { k in
        [family.all[k].name]
          + [seen[k].amortization, unseen[k].amortization].flatMap {
            [mean($0).decimals(3), median($0).decimals(3), ($0.max() ?? .nan).decimals(2)]
          }
      })
    notebook.check(
      .worst(
        "4.7", "unseen x: D = approximation gap + amortization gap, all five guides",
        of: unseen.flatMap(\.cases)))
    notebook.check(
      .bound(
        "4.7", "the smallest gap of either kind on unseen x is not negative", lower: 0,
        upper: unseen.flatMap { $0.approximation + $0.amortization }.min() ?? .nan))
    notebook.check(
      .worst(
        "4.7", "as many gaps lie below the median as above",
        of: (seen + unseen).map { gaps in
          let middle = median(gaps.amortization)
          return (
            Double(gaps.amortization.count { $0 < middle }),
            Double(gaps.amortization.count { $0 > middle }), allowance: 0
          )
        }))
  }
}
