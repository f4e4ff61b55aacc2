import Figures
import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension Study {
  // MARK: 6.9

  func showAutoencoder(
    against vae: VariationalAutoencoder<Double>, _ identity: Identity, in notebook: Notebook
  ) throws {
    notebook.section("6.9", "The same networks without noise and KL: an autoencoder")
    var plain = experiment
    plain.isAutoencoder = true
    let title = "training the autoencoder"
    let trained = try notebook.working(title, steps: experiment.epochs) { advance in
      try train(
        plain, on: dataset, encoding: encoding,
        from: untrained(plain, encoding: encoding, pixels: dataset.pixels),
        eachEpoch: { _, _ in advance() })
    }
    var noise = Threefry(seed: experiment.seed, row: 9)
    let training: Rows<Double> = encoding.entries(dataset.training.levels[...], using: &noise)
    guard let autoencoder = Autoencoder(trained.model, training: training) else {
      notebook.text(
        "The autoencoder's codes have run together or away: there is nothing to compare.")
      return
    }
    let decoders = [autoencoder.model.decoder, autoencoder.decoderOfFittedPrior]
    let evidence = notebook.working("log p(x) on a grid", steps: 2 * Evidence.bands) { advance in
      decoders.map { logEvidence(of: $0, images: examined, eachBand: advance) }
    }
    let ((plainEvidence, error), fitted) = (evidence[0], evidence[1].values)
    notebook.text(
      """
      Trained on reconstruction alone, from the same start, on the same batches. As a generative \
      model with z ~ N(0, I) it is asked for the evidence of the held-out images, by the same grid \
      (error \(error.scientific) nats): its decoder has never heard of the prior. The last row is \
      what a Gaussian fitted to the codes of the training images and used as the prior afterwards \
      makes of it.
      """)
    showComparison(
      of: trained.model, plainEvidence, fitted: fitted, with: vae, identity, in: notebook)
    let difference = Estimate(zip(identity.logEvidence, plainEvidence).map(-))
    notebook.check(
      .bound(
        "6.9", "log p(x): autoencoder ≤ VAE, means; standard error of the paired difference",
        lower: mean(plainEvidence), upper: mean(identity.logEvidence),
        standardError: difference.standardError))
    notebook.text(
      """
      The difference is \(difference.mean.decimals(2)) ± \(difference.standardError.decimals(2)) \
      nats an image, over \(difference.count) pairs.
      """)
    try notebook.figure("chapter6-autoencoder") { codesFigure(vae, trained.model) }
  }

  private func showComparison(
    of autoencoder: VariationalAutoencoder<Double>, _ plain: [Double], fitted: [Double],
    with vae: VariationalAutoencoder<Double>, _ identity: Identity, in notebook: Notebook
  ) {
    func reconstruction(_ model: VariationalAutoencoder<Double>) -> String {
      let guides = model.guides(for: examined)
      let values = concurrentMap(guides.count) { i in
        LogLikelihoodGrid(model.decoder, images: examined.row(i))(Rows([guides[i].mean])).numbers[0]
      }
      return mean(values).decimals(2)
    }
    notebook.table(
      ["held-out means, nats an image", "log p(x|z = µ)", "log p(x)"],
      [
        ["VAE", reconstruction(vae), mean(identity.logEvidence).decimals(2)],
        ["autoencoder, z ~ N(0, I)", reconstruction(autoencoder), mean(plain).decimals(2)],
        ["autoencoder, z ~ N(m, S) fitted", "", mean(fitted).decimals(2)],
      ])
  }

  private func codesFigure(
    _ vae: VariationalAutoencoder<Double>, _ autoencoder: VariationalAutoencoder<Double>
  ) -> Figure {
    let models = [("VAE", vae), ("autoencoder", autoencoder)]
    return Figure(
      "Where the held-out images' codes lie; the circle holds 95% of the prior", width: 860,
      height: 460,
      panels: models.map { name, model in
        let codes = model.guides(for: examined).map(\.mean)
        // 95% of N(0, I) in the plane: radius √(−2 log 0.05).
        return Panel(
          title: name, x: Axis("z₁"), y: Axis("z₂"), equalAspect: true,
          marks: [
            .ellipse(centre: (0, 0), covariance: (1, 0, 1), radius: 2.4477)
          ]
            + codes.enumerated().map { i, code in
              .text(
                heldOutLabel(i), at: (code[0], code[1]), align: .centre,
                colour: .series(heldOutClass(i)))
            })
      })
  }
}
