import Figures
import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension DigitStudy {
  func showDiffusion(in notebook: Notebook) throws {
    notebook.text(
      """
      A network corrects 8.9's denoiser: x̂_0 = tanh(ℓ + √ᾱ x_t/(1 − ᾱ)), ℓ its outputs for x_t \
      and the level of noise. Trained on ∫ r‖x_0 − x̂_0‖² dr, r = √SNR from 2 to 0.01, which is \
      the bound for T → ∞, on 1,500 digits for \(epochs) epochs. Its bound on the 297 held out, \
      all T terms, in nats an image; ± is the error of the draws:
      """)
    let lengths = Set([10, 30, 100, 300, steps]).sorted()
    let scores = try lengths.map { try score(steps: $0, in: notebook) }
    notebook.table(
      ["T", "L_T", "Σ L_{t−1}", "L_0", "ELBO", "±"],
      zip(lengths, scores).map { steps, score in
        ["\(steps)", score.parts.prior.decimals(4)]
          + [
            score.parts.steps, score.parts.reconstruction, -score.mean, score.standardError,
          ].map { $0.decimals(2) }
      })
    notebook.check(
      .exact(
        "8.10", "L_T of 64 pixels = 32 log(1 + SNR_T), √SNR_T = 0.01", scores[0].parts.prior,
        32 * log1p(1e-4), allowance: rounding(64)))
    notebook.check(DigitStudy.slopeCheck)
    digits.checkSilentNetwork(in: notebook)
    if isTrained {
      for (fewer, more) in [(10, 30), (30, 100)] {
        notebook.check(
          .claim(
            "8.10", "held-out ELBO, T = \(fewer) + 5 s.e. ≤ T = \(more)",
            try score(steps: fewer, in: notebook).elbos,
            try score(steps: more, in: notebook).elbos))
      }
    }
    try notebook.figure("chapter8-climb") { try climbFigure(lengths, scores, in: notebook) }
  }

  /// Eq. 8.10: the loss's slope by an output, for both predictions.
  private static var slopeCheck: Check {
    let cases = [Prediction.data, .noise].flatMap { prediction in
      [-1.0, 1].flatMap { x in
        [(-0.7, 0.02), (0.3, 0.9), (1.4, 2)].map {
          noise, root
            -> (lhs: Double, rhs: Double, allowance: Double) in
          let difference = fivePointDerivative(at: 0.4) {
            prediction.loss($0, pixel: x, noise: noise, root: root).value
          }
          let slope = prediction.loss(0.4, pixel: x, noise: noise, root: root).slope
          return (slope, difference.value, difference.error + rounding(1))
        }
      }
    }
    return .worst("8.10", "slope of a pixel's loss, beside a difference quotient", of: cases)
  }

  private func climbFigure(
    _ lengths: [Int], _ scores: [SampledScore], in notebook: Notebook
  ) throws -> Figure {
    let vae = try models(in: notebook)[0]
    return Figure(
      "The bound on held-out digits climbs with T", width: 560, height: 340,
      panels: [
        Panel(
          x: Axis("T", scale: .log10), y: Axis("nats an image"),
          marks: [
            .line(
              zip(lengths, scores).map { (Double($0), -$1.mean) }, label: "DDPM, ELBO",
              colour: .bound),
            .errorBars(
              zip(lengths, scores).map { (Double($0), -$1.mean, 2 * $1.standardError) },
              colour: .bound),
            .horizontal(
              at: mean(vae.scores), label: "log p(x) of the VAE with two latents",
              colour: .evidence),
          ])
      ])
  }
}

extension BinaryDigits {
  /// A network that says nothing leaves the denoiser of fair pixels, whose bound 8.9 has by
  /// quadrature.
  func checkSilentNetwork(in notebook: Notebook) {
    var generator = Threefry(seed: notebook.seed, row: 10, part: 10)
    let (width, schedule) = (heldOut.width, Schedule.pixels(steps: 10))
    var network = DenseNetwork<Double>(
      Denoiser.untrained(width: width, hidden: [4], using: &generator))
    for i in network.weightsStart(ofLayer: 1)..<network.parameterCount { network.parameters[i] = 0 }
    let silent = Denoiser(network: network, prediction: .data)
    let fair = IndependentPixels(probabilities: Array(repeating: 0.5, count: width))
    let score = schedule.score(
      signs(heldOut), draws: drawsPerImage(in: notebook), seed: notebook.seed, row: 10, part: 1
    ) { silent.logOdds($0, $1, schedule) }
    notebook.check(
      .monteCarlo(
        "8.10", "outputs of 0: the bound of fair pixels, T = 10", estimate: score.mean,
        standardError: score.standardError, exact: fair.bound(schedule).total, promise: 0.7))
  }
}

extension Check {
  /// A claim about two models on the same images: the first's mean, raised by five standard errors
  /// of the paired difference, is still below the second's.
  static func claim(
    _ label: String, _ words: String, _ worse: [Double], _ better: [Double]
  ) -> Check {
    let difference = Estimate(zip(better, worse).map(-))
    return .bound(
      label, words,
      lower: mean(worse) + 5 * difference.standardError, upper: mean(better))
  }
}
