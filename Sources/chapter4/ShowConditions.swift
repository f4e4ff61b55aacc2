import Figures
import Notebook
import TinyNumerics
import ToyModels

// 4.8: both networks learn.

extension Study {
  func showConditions(in notebook: Notebook) throws {
    notebook.section("4.8", "Two conditions: log p_θ(x) large, q_φ(z|x) close to p_θ(z|x)")
    notebook.text(
      """
      Decoder and guide climb the mean ELBO together, by Adam on all \(training.count) data \
      points: the decoder from the true one with noise of 0.3 on every parameter, the guide from \
      random weights. At 14 moments all three numbers by three rules, none made from another: log \
      p_θ(x) by a double exponential rule over z, the ELBO by its noise's nodes, D in the guide's \
      coordinates, its posterior normalised by equally spaced z. \
      (What climbs is the ELBO; while the guide is bad, log p_θ(x) may fall on the way, because \
      the decoder bends towards a guide that cannot yet reach its posterior.) Nats, means:
      """)
    var generator = Threefry(seed: seed, row: 8)
    var training = JointTraining(of: model, data: training.x, using: &generator)
    let start = training
    let moments = training.run(
      recording: [0, 2, 5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 250, 300])
    let shown = moments.filter { [0, 5, 10, 20, 50, 100, 200, 300].contains($0.step) }
    notebook.table(
      ["step", "log p_θ(x)", "ELBO", "D(q_φ‖p_θ(z|x))", "largest log p − ELBO − D", "allowed"],
      shown.map {
        [
          "\($0.step)", $0.logEvidence.decimals(4), $0.elbo.decimals(4), $0.divergence.decimals(4),
          $0.worst.value.scientific, $0.worst.error.scientific,
        ]
      })
    checkSlopes(start, in: notebook)
    check(moments, in: notebook)
    notebook.gap()
    try notebook.figure("chapter4-conditions") { conditionsFigure(moments) }
  }

  private func check(_ moments: [Moment], in notebook: Notebook) {
    let residuals = moments.flatMap(\.terms).map(\.residual)
    notebook.check(
      .worst(
        "4.8", "log p_θ(x) − ELBO − D = 0 at every x, \(moments.count) moments",
        of: residuals.map { ($0.value, 0, allowance: $0.error) }))
    notebook.check(
      .bound(
        "4.8", "the ELBO never exceeds log p_θ(x): smallest difference of all x and moments",
        lower: 0,
        upper: moments.flatMap(\.terms).map { $0.logEvidence.value - $0.elbo.value }.min() ?? .nan))
    let (first, last) = (moments[0], moments[moments.count - 1])
    notebook.check(
      .bound(
        "4.8", "first condition: log p_θ(x) at the start ≤ at the end", lower: first.logEvidence,
        upper: last.logEvidence))
    notebook.check(
      .bound(
        "4.8", "second condition: D at the end ≤ at the start", lower: last.divergence,
        upper: first.divergence))
  }

  /// Before the first step the mean ELBO rises along its own gradients, φ's and θ's, at their
  /// length.
  private func checkSlopes(_ start: JointTraining, in notebook: Notebook) {
    var here = start
    let slopes = here.objective()
    for (name, guide, decoder) in [
      ("φ", slopes.guide, slopes.decoder.map { _ in 0.0 }),
      ("θ", slopes.guide.map { _ in 0.0 }, slopes.decoder),
    ] {
      notebook.check(
        slopeCheck(
          "mean ELBO, along its own gradient by \(name)", label: "4.8", at: [0],
          [length(guide + decoder)]
        ) { numbers in
          let step = numbers[0] / length(guide + decoder)
          var moved = start.moved(step, guide: guide, decoder: decoder)
          return moved.objective().elbo
        })
    }
  }

  private func conditionsFigure(_ moments: [Moment]) -> Figure {
    let truth = mean(training.logEvidence.map(\.value))
    let end = moments[moments.count - 1].logEvidence
    let evidence = moments.map { (Double($0.step), $0.logEvidence) }
    let elbo = moments.map { (Double($0.step), $0.elbo) }
    return Figure(
      "Post P's two conditions while both networks learn", width: 900, height: 400,
      panels: [
        Panel(
          title: "log p_θ(x) rises", x: Axis("step"),
          y: Axis(
            "nats a data point", range: (moments[0].logEvidence - 1.5)...max(end, truth) + 0.3),
          marks: [
            .horizontal(at: truth, label: "the true θ"),
            .band(
              moments.map { (Double($0.step), $0.elbo, $0.logEvidence) }, label: "D",
              colour: .second),
            .line(elbo, label: "ELBO", colour: .second),
            .line(evidence, label: "log p_θ(x)"),
          ]),
        Panel(
          title: "D(q_φ ‖ p_θ(z|x)) falls", x: Axis("step"),
          y: Axis("nats a data point", scale: .log10),
          marks: [
            .line(moments.map { (Double($0.step), $0.divergence) }, colour: .second),
            .points(moments.map { (Double($0.step), $0.divergence) }, colour: .second, size: 4),
          ]),
      ])
  }
}
