import Figures
import Foundation
import Notebook
import TinyNumerics

extension Chapter8 {
  static let probability = Option.number(
    "p", in: 0.01...0.99, default: 0.3, help: "P(+1) of the second pixel")
  static let belief = Option.number(
    "q", in: 0.01...0.99, default: 0.5, help: "what its denoiser takes that for")

  static func showArea(in notebook: Notebook) throws {
    notebook.text(
      """
      mmse(γ) is the mean square error of the best guess of x from √γ x + ε. For a density of \
      variance 1, h = ½ log 2πe − ½∫(1/(1+γ) − mmse(γ))dγ; for a pixel, H = ½∫mmse dγ.
      """)
    let data = TwoPeaks.data
    notebook.table(
      ["γ", "mmse(γ), two peaks", "1/(1+γ)", "mmse(γ), pixel ½", "pixel 0.1"],
      [0.1, 1, 10, 100].map { gamma in
        [gamma.significant(3)]
          + [
            data.meanSquaredError(gamma).value, 1 / (1 + gamma),
            PixelChannel(Pixel(probability: 0.5)).squaredError(gamma),
            PixelChannel(Pixel(probability: 0.1)).squaredError(gamma),
          ].map { $0.decimals(9) }
      })
    let (p, q) = (notebook[probability], notebook[belief])
    for check in densityChecks(data) + pixelChecks(p, believed: q) { notebook.check(check) }
    notebook.gap()
    notebook.text(
      """
      The bound of a diffusion of pixels, σ² = β̃_t, is a staircase above that area: Σ ½(SNR_{t−1} \
      − SNR_t) mmse(SNR_t), mmse falls, and each step takes its value at the lower end. Every step \
      added tightens it. With √SNR in equal steps from 6 to 0:
      """)
    let stairs = [0.5, p].map { Staircase(pixel: Pixel(probability: $0)) }
    notebook.table(
      ["T"]
        + stairs.flatMap { ["bound, pixel \($0.pixel.probability.significant(2))", "T · gap"] },
      stairs[0].lengths.indices.map { k in
        ["\(stairs[0].lengths[k])"]
          + stairs.flatMap { [$0.bounds[k].decimals(9), $0.scaledGaps[k].decimals(6)] }
      } + [
        ["limit"] + stairs.flatMap { [$0.pixel.entropy.decimals(9), $0.excess.value.decimals(6)] }
      ])
    for check in stairs.flatMap(\.checks) { notebook.check(check) }
    try notebook.figure("chapter8-area", areaFigure)
  }

  private static func densityChecks(_ data: TwoPeaks) -> [Check] {
    let (area, entropy) = (data.areaBelowNormal, data.entropy)
    let divergence = data.expectation { data.logDensity($0) - Normal.standard.logDensity($0) }
    let errors = [0.1, 1, 10, 100].map { gamma -> (lhs: Double, rhs: Double, allowance: Double) in
      let (bayes, score) = (data.meanSquaredError(gamma), data.meanSquaredErrorByScore(gamma))
      return (bayes.value, score.value, bayes.error + score.error + rounding(1, 1 / gamma))
    }
    return [
      .worst("8.7", "mmse(γ) by Bayes' rule = by the score", of: errors),
      .exact(
        "8.7", "½∫(1/(1+γ) − mmse)dγ = D(q‖N(0,1))", area.value, divergence.value,
        allowance: area.error + divergence.error + rounding(1, terms: 640)),
      .exact(
        "8.7", "½ log 2πe − ½∫(1/(1+γ) − mmse)dγ = h", Normal.standard.entropy - area.value,
        entropy.value, allowance: area.error + entropy.error + rounding(2, terms: 640)),
    ]
  }

  private static func pixelChecks(_ p: Double, believed q: Double) -> [Check] {
    let areas = [0.5, p, 0.1].map {
      probability -> (lhs: Double, rhs: Double, allowance: Double) in
      let channel = PixelChannel(Pixel(probability: probability))
      let area = channel.area
      return (area.value, channel.pixel.entropy, area.error + rounding(1, terms: 400))
    }
    let (pixel, belief) = (Pixel(probability: p), Pixel(probability: q))
    let (wrong, right) = (PixelChannel(pixel, believed: belief).area, PixelChannel(pixel).area)
    let divergence = klDivergence(
      Bernoulli(logit: pixel.logOdds), relativeTo: Bernoulli(logit: belief.logOdds))
    return [
      .worst("8.7", "½∫ mmse dγ = H of a pixel, P(+1) = ½, \(p), 0.1", of: areas),
      .exact(
        "8.7", "½∫ (mse_Q − mmse) dγ = D(P‖Q), \(p) denoised as if \(q)", wrong.value - right.value,
        divergence, allowance: wrong.error + right.error + rounding(2, terms: 400)),
    ]
  }

  private static func areaFigure() -> Figure {
    let channel = PixelChannel(Pixel(probability: 0.5))
    let schedule = Schedule(rootSignalToNoiseFrom: 3, to: 0, steps: 7)
    let stairs = (1...7).reversed().map { t -> (Double, Double) in
      let gamma = schedule.signalToNoise(t)
      return (gamma, channel.squaredError(gamma))
    }
    let data = TwoPeaks.data
    return Figure(
      "Entropy as an area", width: 760, height: 340,
      panels: [
        Panel(
          title: "A pixel: half the area is log 2, the staircase is a bound", x: Axis("γ = SNR"),
          y: Axis("mean square error"),
          marks: [
            .area(over: 0...9, label: "mmse(γ)", channel.squaredError),
            .line(over: 0...9, channel.squaredError),
            .steps(stairs, label: "seven steps of √SNR", colour: .second),
          ]),
        Panel(
          title: "Two peaks: half the area between the curves is D(q‖N(0,1))",
          x: Axis("γ", scale: .log10), y: Axis("γ · mean square error"),
          marks: [
            .band(
              stride(from: -2.0, through: 3, by: 0.05).map { s in
                let gamma = pow(10, s)
                return (
                  x: gamma, lower: gamma * data.meanSquaredError(gamma).value,
                  upper: gamma / (1 + gamma)
                )
              }, label: "γ/(1+γ) − γ mmse(γ)", colour: .first)
          ]),
      ])
  }
}
