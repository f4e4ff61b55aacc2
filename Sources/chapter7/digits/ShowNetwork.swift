import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension DigitStudy {
  // MARK: 7.3

  func showNetwork(in notebook: Notebook) throws {
    let (model, heldOut, course) = try network()
    let vae = try vae()
    let pixels = digits.training.width
    notebook.text(
      """
      A network \(pixels)–128–\(pixels) with masked weights: output j sees only the pixels before \
      j. It is trained on \(digits.training.count) binary digits of \(pixels) pixels by maximum \
      likelihood and scored on \(digits.heldOut.count) others, in nats an image: exactly, in one \
      pass. So is the VAE with a plane of latents, by 6.2's grid.
      """)
    notebook.tell(vae.course, of: "VAE")
    notebook.tell(course, of: "masked network")
    let others = [
      ("coin flips", digits.heldOut.map { _ in -Double(pixels) * log(2) }, 0),
      (
        "independent pixels",
        IndependentPixels(digits.training).logProbabilities(of: digits.heldOut),
        pixels
      ),
      ("VAE, 2 latents", vae.heldOut.logEvidence, 17_476),
      ("64 regressions (7.2)", logProbabilities(of: digits.heldOut), 2_080),
      ("masked network", heldOut, 8_384),
    ]
    notebook.table(
      ["held out", "log p(x)", "less the VAE's", "numbers in use"],
      others.map { name, scores, count in
        let gain = paired(scores, vae.heldOut.logEvidence)
        return [
          name, mean(scores).decimals(2),
          count == 17_476
            ? "" : "\(gain.mean.decimals(2)) ± \(gain.standardError.decimals(2))",
          "\(count)",
        ]
      })
    for check in maskChecks(model) + orderChecks(model) { notebook.check(check) }
    claim(
      "7.3", "held out: the VAE + 5 standard errors ≤ the masked network",
      lower: (vae.heldOut.logEvidence, vae.course), upper: (heldOut, course), in: notebook)
    try notebook.figure("chapter7-held-out") { heldOutFigure(others.map { ($0.0, $0.1) }) }
  }

  /// That one model is better on the held-out images than another: by 5 standard errors of the
  /// difference, image by image.
  func claim(
    _ label: String, _ words: String, lower: (scores: [Double], course: Course),
    upper: (scores: [Double], course: Course), in notebook: Notebook
  ) {
    guard lower.course.allowsClaims, upper.course.allowsClaims else {
      notebook.undefined("claimed of \(Course.standard) epochs only: \(words)")
      return
    }
    let gain = paired(upper.scores, lower.scores)
    notebook.check(
      .bound(
        label, words, lower: mean(lower.scores) + 5 * gain.standardError, upper: mean(upper.scores))
    )
  }
}
