import Figures
import Notebook
import TinyNumerics
import ToyModels

// 4.9: encode, decode, compare.

extension Study {
  func showReconstruction(in notebook: Notebook) throws {
    notebook.section("4.9", "Encode, decode, compare")
    let noise = meanNoise(of: model)
    notebook.text(
      """
      Each unseen x is encoded as z ~ q(z|x) and decoded as x_reco = f_θ(z). E‖x − x_reco‖² by \
      draws and by quadrature over z, for three guides; for the posterior by quadrature. An x of \
      the model lies E‖x − f_θ(z)‖² = \(noise.value.decimals(4)) from the point that made it: the \
      noise, which no code can explain. (Checks to 5%: how far the draws scatter depends on what \
      the guide does with an x it has not seen.)
      """)
    let exact = encoders.map { reconstructionError($0.guides, heldOut.x, model: model) }
    let posterior = reconstructionError(heldOut.posteriors, heldOut.x, model: model)
    sampleReconstructions(exact: exact, posterior: posterior, in: notebook)
    let another = posteriorReconstructionError(heldOut.x, model: model)
    notebook.check(
      .exact(
        "4.9",
        "E‖x − x_reco‖² on unseen x, the posterior: tabulated = ∫ p(x, z)‖x − f_θ(z)‖² dz / p(x)",
        posterior.value, another.value,
        allowance: posterior.error + another.error
          + mean(heldOut.posteriors.map(\.error)) * posterior.value
          + rounding(posterior.value, terms: 1024)))
    checkPerfectEncoder(noise, in: notebook)
    notebook.gap()
    try notebook.figure("chapter4-reconstructions") { reconstructionsFigure() }
  }

  /// Three guides, each a normal for every unseen x.
  var encoders: [(name: String, guides: [Normal])] {
    [family.constant, family.linear, family.widest].map { guide in
      let lambda = guide(heldOut.x)
      return (guide.name, heldOut.x.indices.map { chapter4.guide(lambda, at: $0) })
    }
  }

  func sampleReconstructions(exact: [Integral], posterior: Integral, in notebook: Notebook) {
    // 10,000·cv² rounds for 5%; a round of 100 draws has a cv² of 0.02, rarely more
    let rounds = notebook.samples(default: 2_000)
    let sampled = encoders.enumerated().map { k, encoder in
      var generator = Threefry(seed: notebook.seed, row: 9, part: k)
      return sampledReconstructionError(
        encoder.guides, heldOut.x, model: model, rounds: rounds, using: &generator)
    }
    let rows = zip(encoders, zip(sampled, exact)).map { encoder, errors in
      [
        encoder.name, errors.0.mean.decimals(4), "± " + errors.0.standardError.significant(2),
        errors.1.value.decimals(4),
      ]
    }
    notebook.table(
      ["encoder", "sampled", "", "quadrature"],
      rows + [["the posterior", "", "", posterior.value.decimals(4)]])
    for (encoder, (sampled, exact)) in zip(encoders, zip(sampled, exact)) {
      notebook.check(
        .monteCarlo(
          "4.9", "E‖x − x_reco‖² on unseen x, \(encoder.name)", estimate: sampled.mean,
          standardError: sampled.standardError, exact: exact.value, promise: 0.05 * exact.value))
    }
  }

  /// 5% here: each draw computes a posterior at 300 nodes before it encodes.
  func checkPerfectEncoder(_ noise: Integral, in notebook: Notebook) {
    var generator = Threefry(seed: notebook.seed, row: 9, part: 3)
    let encoder = PosteriorEncoder(of: model)
    let sampled = Estimate(draws: notebook.samples(default: 20_000)) {
      encoder.distance(using: &generator)
    }
    notebook.check(
      .monteCarlo(
        "4.9", "fresh x ~ p(x), z ~ p(z|x): E‖x − x_reco‖² ≈ E[Σ_j σ_j²(z)] (to 5%)",
        estimate: sampled.mean, standardError: sampled.standardError, exact: noise.value,
        promise: 0.05 * noise.value))
  }

  private func reconstructionsFigure() -> Figure {
    let ribbon = stride(from: -3.0, through: 3.0, by: 0.02).map { z in
      let f = model.meanNetwork(z)
      return (f.x, f.y)
    }
    let panels = [family.linear, family.widest].map { guide in
      let lambda = guide(heldOut.x)
      let moves = heldOut.x.indices.map { i in
        let f = model.meanNetwork(lambda[2 * i])
        return Mark.line(
          [(heldOut.x[i].x, heldOut.x[i].y), (f.x, f.y)], colour: .second, width: 1.2)
      }
      return Panel(
        title: guide.name, x: Axis("x₁"), y: Axis("x₂"),
        marks: [.line(ribbon, label: "f_θ(z), |z| ≤ 3", colour: .muted, width: 4)] + moves + [
          .points(heldOut.x.map { ($0.x, $0.y) }, label: "x", size: 4),
          .points(
            heldOut.x.indices.map {
              let f = model.meanNetwork(lambda[2 * $0])
              return (f.x, f.y)
            }, label: "x_reco from z = µ(x)", colour: .second, size: 4),
        ])
    }
    return Figure("x and its reconstruction", width: 900, height: 420, panels: panels)
  }
}
