import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  static func showLoss(in notebook: Notebook) {
    notebook.section("3.14", "Loss = reconstruction + KL is −ELBO")
    notebook.text(
      """
      Post T's loss, written as training code writes it (binary cross-entropy and −½ Σ (1 + log σ² \
      − µ² − σ²)), beside the ELBO of the same draws, put together from distributions. 4 images of \
      J = 12 pixels, D = 3 latents. Only one choice of reductions is −ELBO an image; the others \
      weigh the KL by another β.
      """)
    var generator = Threefry(seed: notebook.seed, row: 14)
    let vae = TinyVAE.example(using: &generator)
    let batch = vae.draw(using: &generator)
    let (j, d) = (Double(batch.pixels), Double(batch.latents))
    let choices: [(Reduction, Reduction, factor: Double, beta: Double, String)] = [
      (.sum, .sum, 1, 1, "−ELBO"), (.mean, .sum, j, j, "J · loss, β = J"),
      (.mean, .mean, j, j / d, "J · loss, β = J/D"), (.sum, .mean, 1, 1 / d, "β = 1/D"),
    ]
    let rows = choices.map { pixels, latents, factor, beta, name in
      let loss = TrainingLoss(batch, pixels: pixels, latents: latents)
      return (pixels, latents, factor, beta, name, loss, elbo(of: batch, beta: beta))
    }
    notebook.table(
      ["pixels", "latents", "reconstruction", "KL", "loss", "is", "reconstruction + β KL"],
      rows.map { pixels, latents, _, _, name, loss, elbo in
        [pixels.rawValue, latents.rawValue]
          + [loss.reconstruction, loss.divergence, loss.total].map { $0.decimals(6) }
          + [name, (-elbo).decimals(6)]
      })
    for (pixels, latents, factor, _, name, loss, elbo) in rows {
      notebook.check(
        .exact(
          "3.14", "pixels: \(pixels.rawValue), latents: \(latents.rawValue): \(name)",
          factor * loss.total, -elbo, allowance: rounding(1, elbo, factor * loss.total)))
    }
    showManyDraws(vae, loss: rows[0].5.total, in: notebook)
  }

  /// The loss is −ELBO on average over ε; `loss` is one draw's.
  private static func showManyDraws(_ vae: TinyVAE, loss: Double, in notebook: Notebook) {
    let exact = -vae.elbo.value
    notebook.gap()
    notebook.text(
      """
      That is one draw of ε. The −ELBO of this batch, by an integral a pixel, is \
      \(exact.decimals(6)); one draw is off by \((loss - exact).decimals(6)), and the mean of many \
      comes near:
      """)
    var generator = Threefry(seed: notebook.seed, row: 14, part: 1)
    let losses = Estimate(draws: notebook.samples(default: 40_000)) {
      TrainingLoss(vae.draw(using: &generator)).total
    }
    notebook.check(
      .monteCarlo(
        "3.14", "mean of the loss over draws of ε = −ELBO", estimate: losses.mean,
        standardError: losses.standardError, exact: exact, promise: 0.2))
  }
}
