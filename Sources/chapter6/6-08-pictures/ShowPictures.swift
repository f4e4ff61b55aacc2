import Figures
import ImageModels
import Notebook
import TinyNetworks

extension Study {
  // MARK: 6.8

  func showPictures(of model: VariationalAutoencoder<Double>, in notebook: Notebook) throws {
    notebook.section("6.8", "Reconstruct, generate, interpolate, walk the latent space")
    let plane = LatentPlane(model: model, encoding: encoding)
    let codes = model.guides(for: examined).map(\.mean)
    let across = picturesAcross(notebook.width)
    notebook.text("Held-out images, and below each its reconstruction from the guide's mean:")
    let count = min(across, codes.count)
    notebook.verbatim(row((0..<count).map(heldOutImage), width: notebook.width))
    notebook.verbatim(row(plane.decoded(Array(codes.prefix(count))), width: notebook.width))
    notebook.text("New images: z from the prior N(0, I), then the decoder's mean of each pixel:")
    notebook.verbatim(
      row(plane.decoded(plane.priorDraws(across, seed: experiment.seed)), width: notebook.width))
    showInterpolation(plane, codes, steps: across, in: notebook)
    if experiment.latent <= 2 { checkMeanGrey(plane, exact: meanGrey(plane), in: notebook) }
    if experiment.latent == 2 { showPlane(plane, codes, pictures: across, in: notebook) }
    try notebook.figure("chapter6-images") { imagesFigure(plane, codes) }
    if experiment.latent == 2 {
      try notebook.figure("chapter6-latent-plane") { planeFigure(plane, codes) }
    }
  }

  private func showInterpolation(
    _ plane: LatentPlane, _ codes: [[Double]], steps: Int, in notebook: Notebook
  ) {
    guard let (a, b) = interpolationEnds, steps > 1 else { return }
    notebook.text("A straight walk in the latent space \(interpolationWords):")
    notebook.verbatim(
      row(
        plane.decoded(plane.walk(from: codes[a], to: codes[b], steps: steps)), width: notebook.width
      ))
  }

  private func showPlane(
    _ plane: LatentPlane, _ codes: [[Double]], pictures: Int, in notebook: Notebook
  ) {
    notebook.text(
      """
      The latent plane, as the decoder fills it: columns and rows are steps of equal probability \
      under the prior.
      """)
    let manifold = plane.manifold(across: pictures, down: 4)
    for line in 0..<4 {
      let latents = Array(manifold[pictures * line..<pictures * (line + 1)])
      notebook.verbatim(row(plane.decoded(latents), width: notebook.width))
    }
    guard hasLabels else { return }
    notebook.text(
      "And as the guide fills it: the class that each held-out image shows, at its code.")
    let across = min(72, notebook.width - 4)
    notebook.verbatim(
      characterPlot(
        codes.enumerated().map { i, code in
          (code[0], code[1], Character(heldOutLabel(i)))
        }, x: -3.2...3.2, y: -3.2...3.2, width: across, height: across / 3))
  }
}
