import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  static func showFourFaces(in notebook: Notebook) {
    notebook.section("3.7", "Four faces of the ELBO")
    notebook.text(
      """
      The same bound as one expectation, as energy and entropy, as the VAE's reconstruction minus \
      regulariser, and as what is left of the evidence. Entropy and regulariser are formulas, the \
      rest is summed or integrated. Below, the first and the third from draws of q.
      """)
    let rows =
      Example.discreteGuides.dropLast().map { name, q in
        FacesRow(FourFaces(model: Example.mixture, x: Example.number, q: q), name)
      }
      + Example.gaussianGuides.dropLast().map { name, q in
        FacesRow(FourFaces(model: Example.plane, x: Example.triple, q: q), name)
      }
      + Example.normalGuides.map { name, q in
        FacesRow(FourFaces(model: Example.neural, x: Example.crossing, q: q), name)
      }
    notebook.table(
      ["model, guide", "E log(p(x,z)/q)", "E log p(x,z) + H", "E log p(x|z) − D", "log p(x) − D"],
      rows.map { row in [row.name] + row.faces.map(shown) })
    notebook.check(.worst(of: rows.flatMap(\.checks)))
    showSampledFaces(in: notebook)
  }

  static func showSampledFaces(in notebook: Notebook) {
    let faces = FourFaces(
      model: Example.neural, x: Example.crossing, q: Example.normalGuides[1].q)
    var generator = Threefry(seed: notebook.seed, row: 7)
    let draws = notebook.samples(default: 150_000)
    let difference = faces.sampledDifference(draws: draws, using: &generator)
    let reconstruction = faces.sampledReconstruction(draws: draws, using: &generator)
    let exact = faces.energyAndEntropy.value
    notebook.check(
      .monteCarlo(
        "3.7", "mean of log p(x,z) − log q(z) = ELBO, neural", estimate: difference.mean,
        standardError: difference.standardError, exact: exact, promise: 0.01))
    notebook.check(
      .monteCarlo(
        "3.7", "mean of log p(x|z), minus D(q‖p(z)) = ELBO, neural", estimate: reconstruction.mean,
        standardError: reconstruction.standardError, exact: exact, promise: 0.01))
  }
}

private struct FacesRow {
  let name: String
  let faces: [Integral]
  private let entropy: Double

  init<Model>(_ faces: FourFaces<Model>, _ name: String) {
    self.name = "\(faces.model.name), \(name)"
    self.faces = [
      faces.difference, faces.energyAndEntropy, faces.reconstructionAndRegulariser,
      faces.evidenceMinusGap,
    ]
    entropy = faces.q.entropy
  }

  /// The first face against each of the others.
  var checks: [Check] {
    faces.dropFirst().map { other in
      .exact(
        "3.7", "four faces of the ELBO, \(name)", faces[0].value, other.value,
        allowance: faces[0].error + other.error + rounding(1, faces[0].value, entropy))
    }
  }
}
