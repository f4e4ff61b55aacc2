import Notebook
import TinyNumerics

extension Chapter5 {
  // MARK: 5.7

  static func showThreeGradients(in notebook: Notebook) {
    notebook.section("5.7", "Three gradients of one ELBO")
    let channel = Channel.example
    let posterior = channel.posterior
    notebook.text(
      """
      z ~ N(0, 1), x ~ N(wz, s²) with w = \(channel.weight), s = \(channel.noise), x = \
      \(channel.x): posterior N(m, v²) = N(\(posterior.mean.decimals(4)), \
      \(posterior.standardDeviation.decimals(4))²). One ELBO, three pathwise estimators of its \
      gradient: with log q sampled and differentiated in full, along the path alone, and with the \
      KL in closed form. Variances of one draw of ∂_µ: σ²/v⁴, (σ/v² − 1/σ)² and σ²w⁴/s⁴. None is \
      best everywhere.
      """)
    showThreeVariances(channel, in: notebook)
    for estimator in ELBOGradient.allCases {
      notebook.check(
        .worst(
          "5.7", "\(estimator.rawValue): Gauss–Hermite mean = ∂ELBO, in µ and σ",
          of: elboGradientCases(estimator)))
    }
    for estimator in ELBOGradient.allCases {
      notebook.check(
        .worst(
          "5.7", "\(estimator.rawValue): variances of ∂_µ and ∂_σ, closed form = Gauss–Hermite",
          of: elboVarianceCases(estimator)))
    }
    sampleThreeGradients(channel, in: notebook)
    showStickingTheLanding(channel, in: notebook)
  }

  private static func showThreeVariances(_ channel: Channel, in notebook: Notebook) {
    let v = channel.posterior.standardDeviation
    notebook.table(
      ["σ"] + ELBOGradient.allCases.map { "Var, \($0.rawValue)" },
      [0.1, 0.3, 0.5, v, 0.7, 1].sorted().map { sigma in
        let q = Normal(mean: channel.posterior.mean, standardDeviation: sigma)
        return [sigma == v ? "v = \(v.decimals(4))" : sigma.significant(2)]
          + ELBOGradient.allCases.map { $0.variance(channel, q).mean.decimals(4) }
      })
  }

  static let channels = [
    Channel.example, Channel(weight: 2, noise: 0.3, x: -1), Channel(weight: -0.4, noise: 1.5, x: 3),
  ]

  /// Allowance: the rounding of the terms that a draw is made of.
  static func elboGradientCases(_ estimator: ELBOGradient) -> [Comparison] {
    channels.flatMap { channel in
      guideGrid.flatMap { q in
        Parameter.allCases.map { parameter in
          let exact = elboGradient(channel, q)[parameter]
          let mean = GaussHermite.forty.expectation { noise in
            estimator(channel, q, noise: noise)[parameter]
          }
          return (mean, exact, allowance: rounding(slopeMagnitude(channel, q)))
        }
      }
    }
  }

  static func elboVarianceCases(_ estimator: ELBOGradient) -> [Comparison] {
    channels.flatMap { channel in
      guideGrid.flatMap { q in
        Parameter.allCases.map { parameter in
          let moments = Moments { estimator(channel, q, noise: $0)[parameter] }
          return (
            estimator.variance(channel, q)[parameter], moments.variance,
            allowance: rounding(square(slopeMagnitude(channel, q)))
          )
        }
      }
    }
  }

  /// The size of what is added up in ∂_z: likelihood, prior and guide, a few σ from µ.
  private static func slopeMagnitude(_ channel: Channel, _ q: Normal) -> Double {
    let reach = abs(q.mean) + q.standardDeviation
    let precision = square(channel.weight / channel.noise)
    return precision * reach + abs(channel.likelihoodSlope(0)) + reach + 1 / q.standardDeviation
  }

  private static func sampleThreeGradients(_ channel: Channel, in notebook: Notebook) {
    let q = Normal(mean: 0.5, standardDeviation: 0.8)
    notebook.gap()
    notebook.text("Sampled at q = N(0.5, 0.8²): means to 1%, mean squared deviations to 5%.")
    let exact = elboGradient(channel, q).mean
    for (part, estimator) in ELBOGradient.allCases.enumerated() {
      var generator = Threefry(seed: notebook.seed, row: 7, part: part)
      notebook.checkMean(
        "5.7", "\(estimator.rawValue): mean of the draws of ∂_µ = ∂_µ ELBO", exact: exact,
        promise: 0.01, using: &generator
      ) { noise in estimator(channel, q, noise: noise).mean }
      notebook.checkMean(
        "5.7", "\(estimator.rawValue): mean of (draw − ∂_µ ELBO)²",
        exact: estimator.variance(channel, q).mean, promise: 0.05, margin: 3, using: &generator
      ) { noise in square(estimator(channel, q, noise: noise).mean - exact) }
    }
  }

  private static func showStickingTheLanding(_ channel: Channel, in notebook: Notebook) {
    let q = channel.posterior
    notebook.gap()
    notebook.text(
      """
      At q = p(z|x) the path-only gradient is exactly zero, draw by draw, because log p(x, z) − \
      log q(z) is then the constant log p(x). (Nothing varies, so there is no z-score: the largest \
      of 1,000 draws, to the rounding of its terms.)
      """)
    var generator = Threefry(seed: notebook.seed, row: 7, part: 9)
    let noise = (0..<1_000).map { _ in generator.normal() }
    let reach = noise.map(abs).max()!
    let largest = noise.map { noise -> Double in
      let gradient = ELBOGradient.pathOnly(channel, q, noise: noise)
      return max(abs(gradient.mean), abs(gradient.standardDeviation))
    }.max()!
    // Each term is at most about |ε|/v + slopes at 0, and ∂_σ multiplies it with ε.
    let magnitude = slopeMagnitude(channel, q) * (1 + reach) * (1 + reach)
    notebook.check(
      .exact(
        "5.7", "path only at q = p(z|x): largest |gradient| of 1,000 draws", largest, 0,
        allowance: rounding(magnitude)))
  }
}
