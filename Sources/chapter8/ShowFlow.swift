import Figures
import Foundation
import Notebook
import TinyNumerics

extension Chapter8 {
  static func showFlow(in notebook: Notebook) throws {
    notebook.text(
      """
      dx/du = −½β(u)(x + ∂log q_u(x)) carries every point to its code x_T, and log q_0(x_0) = log \
      q_T(x_T) + ∫∂(rhs)/∂x du. On a line a flow keeps the order of points, so x_T = \
      F_T⁻¹(F_0(x_0)), without any integration. 200 steps of Runge and Kutta:
      """)
    let flow = ProbabilityFlow(noise: .standard, data: .data)
    let starts = [-1.5, -0.9, -0.2, 0.3, 0.8, 1.6]
    notebook.table(
      ["x_0", "x_T", "F_T⁻¹(F_0(x_0))", "log q_T(x_T) + ∫", "log q_0(x_0)"],
      starts.map { x0 in
        [
          x0.significant(2), flow.carry(x0, steps: 200).x.decimals(9), flow.code(x0).decimals(9),
          flow.logDensity(x0, steps: 200).decimals(9), flow.data.logDensity(x0).decimals(9),
        ]
      })
    for check in flowChecks(flow) { notebook.check(check) }
    try notebook.figure("chapter8-flow") { flowFigure(flow) }
  }

  /// 100 steps beside 200 are the method's own error estimate.
  private static func flowChecks(_ flow: ProbabilityFlow) -> [Check] {
    let points = (0...40).map { -2 + 0.1 * Double($0) }
    let codes = points.map { x0 -> (lhs: Double, rhs: Double, allowance: Double) in
      let (coarse, fine) = (flow.carry(x0, steps: 100).x, flow.carry(x0, steps: 200).x)
      return (fine, flow.code(x0), abs(coarse - fine) + rounding(1, fine))
    }
    func densities(_ steps: Int) -> [Double] { points.map { flow.logDensity($0, steps: steps) } }
    let runs = [50, 100, 200].map(densities)
    let exact = points.map(flow.data.logDensity)
    let values = points.indices.map { i -> (lhs: Double, rhs: Double, allowance: Double) in
      (runs[2][i], exact[i], abs(runs[2][i] - runs[1][i]) + rounding(1, exact[i]))
    }
    let errors = runs.map { run in zip(run, exact).map { abs($0 - $1) }.max()! }
    let orders = [log2(errors[0] / errors[1]), log2(errors[1] / errors[2])]
    return [
      .worst("8.8", "x_T = F_T⁻¹(F_0(x_0))", of: codes),
      .worst("8.8", "log q_T(x_T) + ∫∂(rhs)/∂x du = log q_0(x_0)", of: values),
      .exact(
        "8.8", "halving the step divides the error by 2⁴ (50, 100, 200 steps, extrapolated)",
        2 * orders[1] - orders[0], 4, allowance: abs(orders[1] - orders[0])),
    ]
  }

  private static func flowFigure(_ flow: ProbabilityFlow) -> Figure {
    let starts = (1...19).map { k -> Double in
      // the quantiles of the data, each the start of a path
      var (low, high) = (-4.0, 4.0)
      for _ in 0..<60 {
        let middle = (low + high) / 2
        if flow.data.cdf(middle) < Double(k) / 20 { low = middle } else { high = middle }
      }
      return low
    }
    let quantiles = starts.map { x0 in
      stride(from: 0.0, through: 1, by: 0.02).map { u -> (Double, Double) in
        let partial = ContinuousNoise(linear: 0.1 * u, quadratic: 9.95 * u * u)
        return (u, ProbabilityFlow(noise: partial, data: flow.data).carry(x0, steps: 60).x)
      }
    }
    return Figure(
      "The probability flow", width: 760, height: 340,
      panels: [
        Panel(
          title: "Nineteen points, equally probable gaps", x: Axis("u", range: 0...1),
          y: Axis("x", range: -2.6...2.6),
          marks: quantiles.map { .line($0, colour: .first, width: 1.2) }),
        Panel(
          title: "Both ends", x: Axis("x"), y: Axis("density"),
          marks: [
            .area(over: -3...3, label: "q₀", colour: .second, flow.data.density),
            .area(over: -3...3, label: "q_T", colour: .first, flow.density(1).density),
          ]),
      ])
  }
}
