import Notebook
import TinyNumerics

extension LinearStudy {
  // MARK: 6.5

  func showPCA(in notebook: Notebook) {
    notebook.section("6.5", "A linear VAE is probabilistic PCA")
    let fit = LinearFit(self)
    notebook.text(
      """
      Decoder N(Wz + b, σ²I), guide N(V(x − x̄), diag s²), two latents, the 64 grey pixels of the \
      training digits over 16. Then everything is in closed form: the ELBO of all images at once, \
      which BFGS climbs on W, V, s² and σ² from random weights; and the best p(x), by the \
      eigenvalues of the covariance. The posteriors are all within the guide's reach, so the two \
      must meet. Training on drawn z and minibatches (\(LinearFit.epochs) epochs of Adam) ends \
      below.
      """)
    notebook.table(
      ["", "nats an image", "σ²", "largest angle to PCA's plane"],
      [
        ["closed form", fit.exact.maximum.decimals(6), fit.exact.noise.decimals(7), ""],
        [
          "ELBO, climbed", fit.climbed.ascent.value.decimals(6),
          fit.climbed.vae.noise.decimals(7),
          fit.exact.largestAngle(to: fit.climbed.vae.weights).scientific,
        ],
        [
          "ELBO, sampled", fit.sampledELBO.decimals(6), fit.sampled.noise.decimals(7),
          fit.exact.largestAngle(to: fit.sampled.weights).scientific,
        ],
      ])
    for check in fit.checks { notebook.check(check) }
  }
}
