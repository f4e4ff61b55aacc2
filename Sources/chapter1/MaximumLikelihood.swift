import Foundation
import Notebook
import TinyNumerics

/// k successes in n trials, each with probability θ: p_θ(k) = C(n, k) θᵏ (1 − θ)ⁿ⁻ᵏ.
struct Binomial {
  let trials: Int
  let probability: Double

  func logProbability(_ k: Int) -> Double {
    let (n, k) = (Double(trials), Double(k))
    let logChoices = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return logChoices + k * log(probability) + (n - k) * log1p(-probability)
  }

  var distribution: Discrete {
    Discrete(weights: (0...trials).map { exp(logProbability($0)) })
  }
}

/// Data that take the values 0…n, one entry an observation.
struct CountData {
  let observations: [Int]
  let trials: Int

  /// p_data: the share of each value.
  var empirical: Discrete {
    var counts = Array(repeating: 0.0, count: trials + 1)
    for k in observations { counts[k] += 1 }
    return Discrete(weights: counts)
  }

  /// (1/N) Σ_i log p_θ(x_i), observation by observation, in nats.
  func meanLogLikelihood(_ theta: Double) -> Double {
    let model = Binomial(trials: trials, probability: theta)
    let sum = observations.reduce(0) { $0 + model.logProbability($1) }
    return sum / Double(observations.count)
  }

  /// D(p_data ‖ p_θ), value by value.
  func divergence(_ theta: Double) -> Double {
    klDivergence(empirical, relativeTo: Binomial(trials: trials, probability: theta).distribution)
  }

  /// Eq. 1.13, in nats, exact: mean log-likelihood = −H(p_data) − D(p_data ‖ p_θ).
  func meanLogLikelihoodByDivergence(_ theta: Double) -> Double {
    -empirical.entropy - divergence(theta)
  }

  /// The slope at which a climb ends.
  static let tolerance = 1e-11

  /// argmax_θ of the likelihood, climbed in the logit of θ; the slope is (1/N) Σ_i (x_i − nθ).
  func likeliest() -> (theta: Double, gradientNorm: Double) {
    let ascent = maximise(from: [0], tolerance: CountData.tolerance) { logit in
      let theta = sigmoid(logit[0])
      let slope = observations.reduce(0) { $0 + Double($1) - Double(trials) * theta }
      return (meanLogLikelihood(theta), [slope / Double(observations.count)])
    }
    return (sigmoid(ascent.point[0]), ascent.gradientNorm)
  }

  /// argmin_θ D(p_data ‖ p_θ), comparing nothing but values of D: an interval around the smallest
  /// is cut by the golden section until it is 10⁻⁹ wide. (In the logit of θ, D is convex: there is
  /// one minimum.)
  func nearest() -> Double {
    let golden = (5.0.squareRoot() - 1) / 2
    var (low, high) = (0.001, 0.999)
    while high - low > 1e-9 {
      let step = golden * (high - low)
      if divergence(high - step) < divergence(low + step) {
        high = low + step
      } else {
        low = high - step
      }
    }
    return (low + high) / 2
  }

  /// 100 boxes of six eggs, and how many were broken in each: more boxes with none and with many
  /// than any one binomial distribution has.
  static let brokenEggs = CountData(
    observations: [54, 22, 11, 7, 4, 2, 0].enumerated().flatMap { k, boxes in
      Array(repeating: k, count: boxes)
    }, trials: 6)
}

extension Chapter1 {
  static func showMaximumLikelihood(in notebook: Notebook) {
    notebook.section("1.13", "Maximum likelihood is the smallest divergence from the data")
    let data = CountData.brokenEggs
    let best = data.likeliest()
    notebook.text(
      """
      100 boxes of six eggs, the broken ones counted, and a binomial model p_θ. The mean \
      log-likelihood is summed over boxes; entropy and divergence are summed over the values 0…6. \
      Only the divergence depends on θ, so the likeliest θ is the nearest one. D does not reach 0: \
      no binomial fits.
      """)
    notebook.table(
      ["θ", "mean log p_θ(x)", "H(p_data)", "D(p_data‖p_θ)", "−H − D"],
      [0.05, 0.1, best.theta, 0.2, 0.3].map { theta in
        [theta.decimals(4) + (theta == best.theta ? " (best)" : "")]
          + [
            data.meanLogLikelihood(theta), data.empirical.entropy, data.divergence(theta),
            data.meanLogLikelihoodByDivergence(theta),
          ].map { $0.decimals(6) }
      })
    notebook.check(
      .worst(
        of: (1..<100).map { percent in
          let theta = Double(percent) / 100
          let mean = data.meanLogLikelihood(theta)
          return .exact(
            "1.13", "mean log p_θ(x) = −H(p_data) − D(p_data‖p_θ), θ = 0.01…0.99", mean,
            data.meanLogLikelihoodByDivergence(theta),
            allowance: rounding(1 + abs(mean), terms: data.observations.count))
        }))
    // In the logit of θ the curvature is nθ(1 − θ), and dθ = θ(1 − θ) dlogit.
    let climb = CountData.tolerance / Double(data.trials)
    notebook.check(
      .exact(
        "1.13", "argmax_θ of the likelihood = broken eggs/eggs = 91/600", best.theta, 91 / 600.0,
        allowance: climb + rounding(1)))
    // Rounded values of D tell two θ apart once ½ D″ dθ² exceeds both roundings; D″ = n/(θ(1 − θ)).
    let curvature = Double(data.trials) / (best.theta * (1 - best.theta))
    let flat = (4 * rounding(2 * data.empirical.entropy) / curvature).squareRoot()
    notebook.check(
      .exact(
        "1.13", "argmax_θ of the likelihood = argmin_θ D(p_data‖p_θ), from values of D alone",
        best.theta, data.nearest(), allowance: climb + flat + 1e-9))
  }
}
