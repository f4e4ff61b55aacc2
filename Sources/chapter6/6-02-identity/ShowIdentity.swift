import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension Study {
  /// Rows 6.2 and 6.3. Where a grid reaches, everything is exact, and the identity is returned; in
  /// more than two dimensions, or where posteriors are too narrow or too far out for it, log p(x)
  /// is estimated.
  func showBounds(
    of model: VariationalAutoencoder<Double>, in notebook: Notebook
  ) throws -> Identity? {
    let reach = Reach(of: model.decoder, guides: model.guides(for: examined))
    let isInReach = experiment.latent <= 2 && !reach.isHopeless
    let evidence =
      isInReach
      ? notebook.working("log p(x) on a grid", steps: Evidence.bands) {
        Evidence.refined(of: model.decoder, images: examined, from: reach.grid, eachBand: $0)
      } : nil
    guard let evidence, evidence.isReliable else {
      try showEstimatedEvidence(of: model, in: notebook)
      return nil
    }
    let identity = showIdentity(of: model, evidence, in: notebook)
    try showManySamples(of: model, identity, in: notebook)
    return identity
  }

  // MARK: 6.2

  private func showIdentity(
    of model: VariationalAutoencoder<Double>, _ evidence: Evidence, in notebook: Notebook
  ) -> Identity {
    notebook.section("6.2", "log p(x) = ELBO + D(q‖p(z|x)), for every held-out image")
    let identity = notebook.working("ELBO and D", steps: 2 * dataset.examinedCount) {
      Identity(
        of: model.decoder, guides: model.guides(for: examined), images: examined,
        evidence: evidence, eachHalf: $0)
    }
    let cells = evidence.grid.count
    let isPlane = experiment.latent == 2
    notebook.text(
      """
      The latent is a \(isPlane ? "plane" : "line"), so nothing about the trained network is out \
      of reach. For each \(examinedWords): log p(x) by a \
      \(isPlane ? "\(cells) × \(cells)" : "\(cells)-point") grid over |z| ≤ \
      \(Int(evidence.grid.bounds.upperBound)); the ELBO by Gauss–Hermite quadrature (where its \
      nodes are too few, by a grid in the guide's coordinates) and the closed-form KL; D(q‖p(z|x)) \
      by a second grid, its posterior normalised on a third one, laid in each guide's own \
      coordinates. Three computations that share only the networks: each is an independent \
      account of the same image.
      """)
    notebook.table(
      ["held-out image", "log p(x)", "ELBO", "D(q‖p(z|x))", "log p(x) − ELBO − D", "allowed"],
      identity.exemplars.map { name, i in
        [
          "#\(i) (\(name))", identity.logEvidence[i].decimals(6), identity.elbo[i].decimals(6),
          identity.divergence[i].decimals(6), identity.residual(i).scientific,
          identity.allowance(i).scientific,
        ]
      } + [
        [
          "mean of all \(identity.count)", mean(identity.logEvidence).decimals(6),
          mean(identity.elbo).decimals(6), mean(identity.divergence).decimals(6), "", "",
        ]
      ])
    for check in identity.checks { notebook.check(check) }
    return identity
  }

  private var examinedWords: String {
    dataset.examinedCount == dataset.heldOut.levels.count
      ? "held-out image" : "of the first \(dataset.examinedCount) held-out images"
  }
}
