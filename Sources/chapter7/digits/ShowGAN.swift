import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension DigitStudy {
  // MARK: 7.11

  func showGAN(in notebook: Notebook) throws {
    let vae = try vae()
    let (players, course, values) = gan
    notebook.text(
      """
      The VAE's decoder again, 2–128–64 with Bernoulli pixels, now as a generator against a \
      discriminator 64–128–1. Both see binary images with noise N(0, ½²); the generator's gradient \
      goes straight through the draws. V of its last epoch, with log 4 = 1.3863: \
      \((values.last ?? .nan).decimals(4)).
      """)
    notebook.tell(course, of: "GAN")
    guard let scores = ganScores() else {
      notebook.undefined(
        "the GAN's weights are no longer numbers after epoch \(course.epochs): nothing to score")
      return
    }
    let samples = try samples()
    try showScores(scores, samples, in: notebook)
    for check in try classChecks(samples) { notebook.check(check) }
    notebook.check(straightThroughCheck(players))
    notebook.check(.worst(of: evidenceChecks(scores.averaged)))
    claim(
      "7.11", "held out: GAN, averaged weights + 5 standard errors ≤ VAE",
      lower: (atMost(scores.averaged), course), upper: (vae.heldOut.logEvidence, vae.course),
      in: notebook)
    claim(
      "7.11", "held out: GAN, last weights + 5 standard errors ≤ VAE",
      lower: (atMost(scores.last), course), upper: (vae.heldOut.logEvidence, vae.course),
      in: notebook)
    try showPictures(samples, in: notebook)
  }

  /// log p(x), with the difference of the two grids to its favour.
  private func atMost(_ evidence: Evidence) -> [Double] {
    evidence.logEvidence.indices.map { i in
      evidence.logEvidence[i] + 2 * evidence.error(ofImage: i)
    }
  }

  private func showScores(
    _ gan: (averaged: Evidence, last: Evidence), _ samples: Samples, in notebook: Notebook
  ) throws {
    let (network, vae) = (try network(), try vae())
    let training = classShares(digits.trainingLabels)
    let rows: [(String, [Double]?, Rows<Double>?)] = [
      ("masked network", network.heldOut, samples.network),
      ("VAE, 2 latents", vae.heldOut.logEvidence, samples.vae),
      ("GAN, averaged weights", gan.averaged.logEvidence, samples.gan?.averaged),
      ("GAN, last weights", gan.last.logEvidence, samples.gan?.last),
      ("training images, again", nil, samples.memory),
    ]
    notebook.table(
      ["", "held-out log p(x)", "less the VAE's", "classes: TV"],
      rows.map { name, scores, images in
        let gain = scores.map { paired($0, vae.heldOut.logEvidence) }
        return [
          name, scores.map { mean($0).decimals(2) } ?? "–",
          gain.map {
            $0.mean == 0 ? "" : "\($0.mean.decimals(2)) ± \($0.standardError.decimals(2))"
          } ?? "",
          images.map { totalVariation(nearest.shares(of: $0.bits), training).decimals(3) } ?? "–",
        ]
      })
  }
}
