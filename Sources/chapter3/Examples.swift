import TinyNumerics
import ToyModels

/// The observations and guides that the chapter's tables are about. The last guide of each model is
/// its posterior, by a route that `posterior(given:)` does not take.
enum Example {
  /// An x between two classes.
  static let mixture = MixtureModel.example
  static let number = -0.5
  static let discreteGuides: [(name: String, q: Discrete)] = [
    ("the prior p(z)", mixture.prior),
    ("(0.5, 0.4, 0.1)", Discrete(probabilities: [0.5, 0.4, 0.1])),
    ("(0.05, 0.05, 0.9)", Discrete(probabilities: [0.05, 0.05, 0.9])),
    ("the posterior p(z|x)", mixture.posteriorByBayesRule(given: number)),
  ]

  /// Two latents, correlated once x is known.
  static let plane = LinearGaussianModel.plane
  static let triple = [1.5, -0.9, 0.4]
  static let gaussianGuides: [(name: String, q: Gaussian)] = [
    ("the prior p(z)", plane.prior),
    ("diagonal", Gaussian(mean: [0.5, 0], covariance: .diagonal([0.2, 0.3]))),
    (
      "correlated",
      Gaussian(mean: [0.6, -0.3], covariance: Matrix([[0.3, -0.15], [-0.15, 0.35]]))
    ),
    ("the posterior p(z|x)", plane.posteriorByConditioning(on: triple)),
  ]

  /// One latent: everything about it can be drawn.
  static let line = LinearGaussianModel.line
  static let pair = [1.7, 0.6]

  /// x is the sum of two latents and a little noise: knowing it, one latent's gain is the other's
  /// loss.
  static let sum = LinearGaussianModel(
    weights: Matrix([[1.5, 1.4]]), offset: [0], noiseCovariance: Matrix([[0.4]]))
  static let single = [2.0]

  /// Where the ribbon crosses itself: a posterior of two peaks.
  static let neural = NeuralModel.example
  static let crossing = SIMD2(0.48, 0.3)
  static let normalGuides: [(name: String, q: Normal)] = [
    ("the prior p(z)", .standard),
    ("on one peak", Normal(mean: 1.37, standardDeviation: 0.1)),
    ("wide", Normal(mean: -0.2, standardDeviation: 1.1)),
  ]
  /// A normal of its own for each peak, in equal shares.
  static let twoPeaks = DefensiveMixture(
    of: Normal(mean: -1.19, standardDeviation: 0.08), and: normalGuides[1].q, priorShare: 0.5)
}
