import TinyNumerics
import ToyModels

// Eq. 2.13: averaged over the model's own data the posterior is the prior, E_{p(x)}[p(z|x)] = p(z),
// and what x tells about z is I(x; z) = E_x D(p(z|x) ‖ p(z)) = H(x) − E_z H(x|z), in nats.

/// E_x of p(z|x) for a linear-Gaussian model, exact: N(0, Λ⁻¹ + K Cov[x] Kᵀ), with K what one unit
/// of each x_j adds to the posterior's mean.
func averagedPosterior(of model: LinearGaussianModel) -> Moments {
  let centre = model.posterior(given: model.offset)
  let columns = (0..<model.dataDimension).map { j in
    var x = model.offset
    x[j] += 1
    return zip(model.posterior(given: x).mean, centre.mean).map(-)
  }
  let k = Matrix(columns).transpose
  return Moments(
    mean: centre.mean,
    covariance: centre.covariance + k * model.marginal.covariance * k.transpose)
}

/// I = E_x D(p(z|x) ‖ p(z)) in closed form: the mean adds ½ ‖E[z|x]‖² to the D of a posterior
/// centred at 0.
func information(of model: LinearGaussianModel) -> Double {
  let centre = model.posterior(given: model.offset)
  let spread = averagedPosterior(of: model).covariance - centre.covariance
  return klDivergence(centre, relativeTo: model.prior) + 0.5 * spread.diagonal.reduce(0, +)
}

/// E_x[f(x)] for the mixture, by quadrature over the line of x.
func expectation(
  overDataOf model: MixtureModel, _ f: (_ x: Double, _ logEvidence: Double) -> Double
) -> Integral {
  integrate(over: -.infinity ... .infinity, scale: 3) { x in
    let logEvidence = model.logEvidence(of: x).value
    return logEvidence > -700 ? exp(logEvidence) * f(x, logEvidence) : 0
  }
}

/// The neural model's posteriors at every x of a plane, each normalised by its own sum over 512
/// nodes of z, averaged with p(x) from a table that was summed over other nodes.
struct AveragedPosterior {
  /// E_x D(p(z|x) ‖ p(z)).
  let information: Integral
  /// z, and E_x[p(z|x)] there.
  let posterior: [(z: Double, density: Integral)]

  init(of model: NeuralModel, over plane: PlaneDensity) {
    let grid = Grid(over: -8...8, count: 512)
    let latents = (0..<grid.count).map { grid.node($0) }
    let decoded = latents.map { z in
      let (mean, g) = model.decode(z)
      let constant = -0.5 * (g.x + g.y) - logTwoPi
      return (mean: mean, precision: SIMD2(exp(-g.x), exp(-g.y)), constant: constant)
    }
    let prior = latents.map { grid.spacing * Normal.standard.density($0) }
    var joint = prior
    var averages = [prior, prior].map { $0.map { _ in 0.0 } }
    let information = plane.sum { side, x, mass in
      // Σ p(x, z) and Σ p(x, z) log p(x|z) over the nodes; D = E_{p(z|x)}[log p(x|z)] − log p(x).
      var (evidence, weighted) = (0.0, 0.0)
      for (l, at) in decoded.enumerated() {
        let logLikelihood = at.constant - 0.5 * ((x - at.mean) * (x - at.mean) * at.precision).sum()
        joint[l] = prior[l] * exp(logLikelihood)
        evidence += joint[l]
        weighted += joint[l] * logLikelihood
      }
      for l in joint.indices { averages[side][l] += mass * joint[l] / evidence }
      return mass * (weighted / evidence - log(evidence))
    }
    self.information = information
    posterior = latents.indices.map { l in
      let density = Integral(
        averages[0][l] / grid.spacing, andShifted: averages[1][l] / grid.spacing,
        evaluations: information.evaluations)
      return (latents[l], density)
    }
  }
}
