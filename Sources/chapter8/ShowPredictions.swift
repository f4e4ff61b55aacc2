import Figures
import Foundation
import Notebook
import TinyNumerics

extension Chapter8 {
  static func showPredictions(in notebook: Notebook) throws {
    notebook.text(
      """
      The best prediction of the noise is −√(1 − ᾱ) ∂log q(x_t), that of the data (x_t + (1 − ᾱ) \
      ∂log q(x_t))/√ᾱ. On data with two peaks: expectations over q(x_0|x_t) by quadrature, beside \
      the derivative of log q.
      """)
    let cases = [(0.5, 0.3), (0.9, -0.2), (0.1, 1.5), (0.99, -1.0)].map { alphaBar, xt in
      PredictionCase(alphaBar: alphaBar, xt: xt)
    }
    notebook.table(
      ["ᾱ", "x_t", "∂log q(x_t)", "E[ε|x_t]", "E[x_0|x_t]"],
      cases.map { one in
        [one.alphaBar.significant(2), one.xt.significant(2)]
          + [one.formula.score, one.formula.noise, one.formula.data].map { $0.decimals(9) }
      })
    notebook.check(.worst(of: cases.map(\.noiseCheck)))
    notebook.check(.worst(of: cases.map(\.dataCheck)))
    notebook.check(.worst(of: cases.map(\.scoreCheck)))
    notebook.gap()
    notebook.text(
      """
      For a pixel ±1 the best prediction is tanh(½ log-odds), and the log-odds are the prior's \
      plus 2√ᾱ x_t/(1 − ᾱ): a denoiser and a probability are one number.
      """)
    notebook.check(.worst("8.4", "E[x_0|x_t] = tanh(½ log-odds), a pixel ±1", of: pixelCases()))
    try notebook.figure("chapter8-denoisers", denoiserFigure)
  }

  private static func pixelCases() -> [(lhs: Double, rhs: Double, allowance: Double)] {
    [0.5, 0.3, 0.02].flatMap { probability in
      [0.1, 0.5, 0.9].flatMap { alphaBar in
        [-1.0, 0.2, 1.3].map { xt in
          let pixel = Pixel(probability: probability)
          return (
            lhs: pixel.denoised(xt, alphaBar: alphaBar),
            rhs: pixel.denoisedByBayes(xt, alphaBar: alphaBar), allowance: rounding(1)
          )
        }
      }
    }
  }

  private static func denoiserFigure() -> Figure {
    func graph(_ alphaBar: Double, _ f: (Double) -> Double) -> [(Double, Double)] {
      stride(from: -3.0, through: 3, by: 0.025).map { ($0, f($0)) }
    }
    let levels: [(Double, Mark.Colour)] = [(0.95, .first), (0.5, .second), (0.1, .third)]
    return Figure(
      "The best denoisers", width: 760, height: 340,
      panels: [
        Panel(
          title: "Two peaks", x: Axis("x_t"), y: Axis("E[x₀ | x_t]"),
          marks: levels.map { alphaBar, colour in
            .line(
              graph(alphaBar) { xt in
                let q = TwoPeaks.data.noised(alphaBar: alphaBar, noise: 1 - alphaBar)
                return ScorePredictions(score: q.score(xt), alphaBar: alphaBar, xt: xt).data
              }, label: "ᾱ = \(alphaBar)", colour: colour)
          }),
        Panel(
          title: "A pixel ±1, light with probability 0.3", x: Axis("x_t"), y: Axis("E[x₀ | x_t]"),
          marks: levels.map { alphaBar, colour in
            .line(
              graph(alphaBar) { Pixel(probability: 0.3).denoised($0, alphaBar: alphaBar) },
              label: "ᾱ = \(alphaBar)", colour: colour)
          }),
      ])
  }
}

/// One x_t: by the score's formulas, and by quadrature over x_0.
private struct PredictionCase {
  let alphaBar: Double
  let xt: Double
  let formula: ScorePredictions
  let sums: BestPredictions

  init(alphaBar: Double, xt: Double) {
    let q = TwoPeaks.data.noised(alphaBar: alphaBar, noise: 1 - alphaBar)
    self.alphaBar = alphaBar
    self.xt = xt
    formula = ScorePredictions(score: q.score(xt), alphaBar: alphaBar, xt: xt)
    sums = BestPredictions(of: .data, alphaBar: alphaBar, at: xt)
  }

  var noiseCheck: Check {
    .exact(
      "8.4", "E[ε|x_t] = −√(1 − ᾱ) ∂log q(x_t)", formula.noise, sums.noise.value,
      allowance: sums.noise.error + rounding(10, terms: 800))
  }

  var dataCheck: Check {
    .exact(
      "8.4", "E[x_0|x_t] = (x_t + (1 − ᾱ) ∂log q(x_t))/√ᾱ", formula.data, sums.data.value,
      allowance: sums.data.error + rounding(10, terms: 800))
  }

  /// The derivative of the log-density by differences: over ±h it is off by h²/6 times a third
  /// derivative, which is measured by doubling h.
  var scoreCheck: Check {
    let q = TwoPeaks.data.noised(alphaBar: alphaBar, noise: 1 - alphaBar)
    func difference(_ h: Double) -> Double {
      (q.logDensity(xt + h) - q.logDensity(xt - h)) / (2 * h)
    }
    let (coarse, fine) = (difference(2e-4), difference(1e-4))
    return .exact(
      "8.4", "∂log q(x_t), beside a difference quotient", formula.score, fine,
      allowance: abs(coarse - fine) + rounding(q.logDensity(xt)) / 1e-4)
  }
}
