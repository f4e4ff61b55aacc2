import Figures
import Foundation
import Notebook
import TinyNumerics

/// The table of 8.6.
struct StepStudy: Sendable {
  static let lengths = [1, 4, 16, 64, 256, 1024]
  var lengths: [Int] { StepStudy.lengths }
  let byBayes: [Gaps]
  let byCurvature: [Gaps]
  /// p_θ(x_0) for T = 1 … 64, varying and best constant variance.
  let marginals: [[ChainMarginal]]
  let divergences: [[Double]]

  init() {
    let schedules = StepStudy.lengths.map { Schedule(.standard, steps: $0) }
    // The long ones first, so that no core waits for the last.
    let gapsOfBoth = inParallel(2 * schedules.count) { k -> Gaps in
      let schedule = schedules[schedules.count - 1 - k / 2]
      return k % 2 == 0
        ? gaps(schedule) : gaps(schedule) { $0.varianceByCurvature($1) }
    }
    let inOrder = Array(gapsOfBoth.reversed())
    byBayes = schedules.indices.map { inOrder[2 * $0 + 1] }
    byCurvature = schedules.indices.map { inOrder[2 * $0] }
    let kinds = [StepVariance.varying, .constant]
    let densities = inParallel(8) { k in
      ChainMarginal(NormalStep.chain(schedules[3 - k / 2], kinds[k % 2]))
    }
    marginals = (0..<4).map { k in [densities[6 - 2 * k], densities[7 - 2 * k]] }
    divergences = marginals.map { $0.map { $0.divergence(of: .data) } }
  }

  /// The distance that n draws exceed with the probability 2.9e-7 of five standard errors on one
  /// side: 2 e^{−2nd²}.
  static func criticalDistance(_ count: Int) -> Double {
    (-0.5 * log(0.5 * Normal.standard.cdf(-5)) / Double(count)).squareRoot()
  }

  var gapChecks: [Check] {
    func compare(_ identity: String, _ lengths: Range<Int>, _ other: (Int) -> Gaps) -> Check {
      .worst(
        "8.6", identity,
        of: lengths.flatMap { k in
          // Each step adds terms of about 1; a bracket 1 + β∂²log q of about α loses 1/α in
          // precision.
          let schedule = Schedule(.standard, steps: self.lengths[k])
          let size = (1...schedule.steps).reduce(0) { $0 + 2 / schedule.alpha($1) }
          return zip(byBayes[k].values, other(k).values).map { a, b in
            (a.value, b.value, a.error + b.error + rounding(size))
          }
        })
    }
    return [
      compare(
        "gap from E log v_t and E v_t: v_t by Bayes' rule = by curvature, T = 1 … 1024",
        0..<lengths.count
      ) { byCurvature[$0] },
      compare("gap = D(q_T‖N(0,1)) + Σ E D(q(x_{t−1}|x_t)‖p_θ), T = 1, 4, 16", 0..<3) {
        gapsByDivergence(Schedule(.standard, steps: lengths[$0]))
      },
    ]
  }

  /// The powers of T, from T = 64, 256, 1024.
  var rateChecks: [Check] {
    let rates = Rates(.standard)
    func scaled(_ kind: StepVariance, power: Int) -> [Double] {
      (3..<6).map { k in
        let steps = Double(lengths[k])
        return (power == 2 ? steps * steps : steps) * byBayes[k][kind].value
      }
    }
    func check(_ identity: String, _ values: [Double], _ rate: Integral) -> Check {
      let limit = limit(of: values, first: 4, second: 16)
      return .exact("8.6", identity, limit.value, rate.value, allowance: limit.error + rate.error)
    }
    return [
      check(
        "T² · gap, v(x_t) → ∫ β³ E[(∂³log q)²] du/12", scaled(.varying, power: 2), rates.varying),
      check(
        "T · gap, best constant → ¼ ∫ β² Var[∂²log q] du", scaled(.constant, power: 1),
        rates.constant),
      check("T · gap, β_t → ¼ ∫ β² E[(1 + ∂²log q)²] du", scaled(.beta, power: 1), rates.beta),
    ]
  }

  var boundCheck: Check {
    .worst(
      of: divergences.indices.flatMap { k in
        [0, 1].map { kind in
          .bound(
            "8.6", "D(q_0‖p_θ) ≤ gap, T = 1 … 64, two variances", lower: divergences[k][kind],
            upper: byBayes[k].values[kind].value)
        }
      })
  }

  var figure: Figure {
    let colours: [Mark.Colour] = [.first, .second, .third, .fourth]
    let rates = Rates(.standard)
    return Figure(
      "More steps, tighter bound", width: 760, height: 360,
      panels: [
        Panel(
          title: "What normal steps make of N(0, 1), best constant variance", x: Axis("x₀"),
          y: Axis("density"),
          marks: [.area(over: -3.5...3.5, label: "data", colour: .muted, TwoPeaks.data.density)]
            + [0, 1, 2].map { k in
              let nodes = zip(ChainMarginal.nodes, marginals[k][1].density)
              return .line(
                nodes.filter { abs($0.0) <= 3.5 }.map { ($0, $1) }, label: "T = \(lengths[k])",
                colour: colours[k])
            }),
        Panel(
          title: "E[log q(x₀) − ELBO]", x: Axis("T", scale: .log10), y: Axis("nats", scale: .log10),
          marks: zip(StepVariance.allCases, colours).flatMap { kind, colour -> [Mark] in
            let points = zip(lengths, byBayes).map { (Double($0), $1[kind].value) }
            return [
              .line(points, label: kind.name, colour: colour), .points(points, colour: colour),
            ]
          } + [
            .line(over: 8...1024, colour: .muted, style: .dashed) { rates.constant.value / $0 },
            .line(over: 8...1024, colour: .muted, style: .dashed) {
              rates.varying.value / ($0 * $0)
            },
            .horizontal(at: eulerGamma / 2), .text("γ/2", at: (30, 0.2)),
          ]),
      ])
  }
}
