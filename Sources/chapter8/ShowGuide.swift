import Figures
import Foundation
import Notebook
import TinyNumerics

extension Chapter8 {
  static let betas = Option.numbers(
    "betas", "β,…", in: 0.05...0.95, count: 2...8, default: [0.1, 0.2, 0.3, 0.4],
    help: "the schedule β_1, β_2, …")
  static let x0 = Option.number("x0", in: -2...2, default: 0.7, help: "x_0")
  static let xt = Option.number("xt", in: -2...2, default: -0.4, help: "x_t, for every t")

  static func showGuide(in notebook: Notebook) throws {
    notebook.text(
      """
      Forward, q(x_t|x_{t−1}) = N(√α_t x_{t−1}, β_t); t steps at once, q(x_t|x_0) = N(√ᾱ_t x_0, 1 \
      − ᾱ_t). Backward, once x_0 is known, Bayes' rule on normals: q(x_{t−1}|x_t,x_0) = N(µ̃_t, \
      β̃_t). For x_0 = \(notebook[x0]) and x_t = \(notebook[xt]):
      """)
    let (schedule, x0, xt) = (Schedule(betas: notebook[betas]), notebook[x0], notebook[xt])
    notebook.table(
      ["t", "β_t", "ᾱ_t", "SNR_t", "mean of x_t", "variance", "µ̃_t", "β̃_t"],
      (1...schedule.steps).map { t in
        let (marginal, weights) = (schedule.marginal(t, from: x0), schedule.posteriorWeights(t))
        return ["\(t)"]
          + [
            schedule.beta(t), schedule.alphaBar(t), schedule.signalToNoise(t), marginal.mean,
            marginal.variance, weights.x0 * x0 + weights.xt * xt, schedule.posteriorVariance(t),
          ].map { $0.decimals(6) }
      })
    for check in exactGuideChecks(schedule, x0: x0, xt: xt) { notebook.check(check) }
    checkGuideDraws(in: notebook)
    try notebook.figure("chapter8-chain") { chainFigure(seed: notebook.seed) }
  }

  private static func exactGuideChecks(_ schedule: Schedule, x0: Double, xt: Double) -> [Check] {
    let stepwise = StepwiseDensities(schedule: schedule)
    let later = 2...schedule.steps
    let densities = later.flatMap { t in
      [-1.5, -0.4, 0.6, 2].map { x in
        let integral = stepwise.marginalDensity(t, at: x, from: x0)
        return (
          lhs: schedule.marginal(t, from: x0).density(x), rhs: integral.value,
          allowance: integral.error + rounding(1)
        )
      }
    }
    let moments = later.flatMap { t in
      let (q, sums) = (
        schedule.posterior(t, x0: x0, xt: xt), stepwise.posteriorMoments(t, x0: x0, xt: xt)
      )
      return [(q.mean, sums.mean), (q.variance, sums.variance)].map { formula, sum in
        (lhs: formula, rhs: sum.value, allowance: sum.error + rounding(1))
      }
    }
    // At t = 1 the posterior is the point x_0: all the weight is on it.
    let first = schedule.posteriorWeights(1)
    let signal = (1...schedule.steps).map { t -> (lhs: Double, rhs: Double, allowance: Double) in
      let ratio = exp((1...t).reduce(0) { $0 + log1p(-schedule.beta($1)) })
      return (schedule.signalToNoise(t), ratio / (1 - ratio), rounding(10))
    }
    return [
      .worst("8.1", "q(x_t|x_0) = ∫ q(x_t|x_{t−1}) q(x_{t−1}|x_0) dx_{t−1}", of: densities),
      .worst("8.1", "SNR_t, ᾱ_t = exp Σ log(1 − β_s)", of: signal),
      .worst("8.1", "µ̃_t and β̃_t are the moments of q(x_t|x_{t−1}) q(x_{t−1}|x_0)", of: moments),
      .exact(
        "8.1", "µ̃_1 = x_0, and β̃_1 = 0", first.x0 * x0 + first.xt * xt,
        x0 - schedule.posteriorVariance(1), allowance: rounding(1)),
    ]
  }

  /// The last two x_t, step by step from x_0.
  static func checkGuideDraws(in notebook: Notebook) {
    let (schedule, x0) = (Schedule(betas: notebook[betas]), notebook[x0])
    let t = schedule.steps
    let (before, last) = (schedule.marginal(t - 1, from: x0), schedule.marginal(t, from: x0))
    let covariance = schedule.guide(from: x0).covariance[t - 2, t - 1]
    var generator = Threefry(seed: notebook.seed, row: 1)
    var (mean, spread, product) = (Estimate(), Estimate(), Estimate())
    for _ in 0..<notebook.samples(default: 120_000) {
      let path = schedule.path(from: x0, using: &generator)
      mean.add(path[t - 1])
      spread.add((path[t - 1] - last.mean) * (path[t - 1] - last.mean))
      product.add((path[t - 2] - before.mean) * (path[t - 1] - last.mean))
    }
    for (name, estimate, exact) in [
      ("x_\(t), step by step: its mean", mean, last.mean),
      ("x_\(t), step by step: its variance", spread, last.variance),
      ("x_\(t - 1) and x_\(t): their covariance √α_\(t) (1 − ᾱ_\(t - 1))", product, covariance),
    ] {
      notebook.check(
        .monteCarlo(
          "8.1", name, estimate: estimate.mean, standardError: estimate.standardError,
          exact: exact, promise: 0.025))
    }
  }

  /// Ten paths of the guide, and ten of the chain that runs backwards.
  private static func chainFigure(seed: UInt64) -> Figure {
    let schedule = Schedule(.standard, steps: 64)
    let steps = BackwardStep.all(schedule)
    var generator = Threefry(seed: seed, row: 1, part: 1)
    let forward = (0..<10).map { k -> [(Double, Double)] in
      let q = TwoPeaks.data
      let start =
        (k % 2 == 0 ? q.means.0 : q.means.1) + q.variance.squareRoot() * generator.normal()
      return Array(
        zip((0...64).map(Double.init), [start] + schedule.path(from: start, using: &generator)))
    }
    let backward = (0..<10).map { _ -> [(Double, Double)] in
      var (t, path) = (64, [(64.0, generator.normal())])
      while t > 0 {
        let q = steps[t - 1].conditional(path.last!.1)
        t -= 1
        path.append((Double(t), q.mean + q.totalVariance.squareRoot() * generator.normal()))
      }
      return path
    }
    func panel(_ title: String, _ paths: [[(Double, Double)]], _ colour: Mark.Colour) -> Panel {
      Panel(
        title: title, x: Axis("t", range: 0...64), y: Axis("x_t", range: -3.5...3.5),
        marks: paths.map { .line($0, colour: colour, width: 1) })
    }
    return Figure(
      "Sixty-four steps there and back", width: 760, height: 320,
      panels: [
        panel("The guide: data (t = 0) become noise", forward, .second),
        panel("The model: noise (t = 64) becomes data", backward, .first),
      ])
  }
}
