import TinyNumerics
import ToyModels

/// A guide whose entropy and whose divergence from another of its kind are formulas.
protocol ClosedFormGuide: LatentDistribution {
  /// H(q), in nats.
  var entropy: Double { get }
  /// D(q ‖ p), in nats.
  func divergenceInClosedForm(from p: Self) -> Double
}

extension Discrete: ClosedFormGuide {
  func divergenceInClosedForm(from p: Discrete) -> Double { klDivergence(self, relativeTo: p) }
}

extension Normal: ClosedFormGuide {
  func divergenceInClosedForm(from p: Normal) -> Double { klDivergence(self, relativeTo: p) }
}

extension Gaussian: ClosedFormGuide {
  func divergenceInClosedForm(from p: Gaussian) -> Double { klDivergence(self, relativeTo: p) }
}

/// Eq. 3.7, in nats: the ELBO in its four usual forms, which post K, post T and the literature
/// switch between. Forms 2 and 3 trade part of the integral for a formula.
struct FourFaces<Model: LatentVariableModel> where Model.Prior: ClosedFormGuide {
  let model: Model
  let x: Model.Observation
  let q: Model.Prior

  /// E_q[log p(x, z) − log q(z)]: one expectation.
  var difference: Integral { q.expectation { z in model.logJoint(x, z) - q.logDensity(z) } }

  /// E_q[log p(x, z)] + H(q): energy and entropy.
  var energyAndEntropy: Integral {
    q.expectation { z in model.logJoint(x, z) } + Integral(exactly: q.entropy)
  }

  /// E_q[log p(x|z)] − D(q ‖ p(z)): reconstruction and regulariser, the VAE's form.
  var reconstructionAndRegulariser: Integral {
    q.expectation { z in model.logLikelihood(x, given: z) }
      - Integral(exactly: q.divergenceInClosedForm(from: model.prior))
  }

  /// log p(x) − D(q ‖ p(z|x)): what the bound misses.
  var evidenceMinusGap: Integral {
    model.logEvidence(of: x) - q.divergence(from: model.posterior(given: x))
  }

  /// The first form from draws of q: the mean of log p(x, z) − log q(z).
  func sampledDifference(
    draws: Int, using generator: inout some RandomNumberGenerator
  ) -> Estimate {
    Estimate(draws: draws) {
      let z = q.sample(using: &generator)
      return model.logJoint(x, z) - q.logDensity(z)
    }
  }

  /// The third form from draws of q: the mean of log p(x|z), less the exact regulariser. This is
  /// what a VAE is trained on, with one draw.
  func sampledReconstruction(
    draws: Int, using generator: inout some RandomNumberGenerator
  ) -> Estimate {
    let regulariser = q.divergenceInClosedForm(from: model.prior)
    return Estimate(draws: draws) {
      model.logLikelihood(x, given: q.sample(using: &generator)) - regulariser
    }
  }
}
