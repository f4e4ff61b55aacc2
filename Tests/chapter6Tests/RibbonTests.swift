import Foundation
import Testing
import TinyNetworks
import TinyNumerics
import ToyModels

@testable import chapter6

@Suite("eq. 6.6: post B's model, recovered")
struct RibbonTests {
  private static let plane = RibbonPlane(RibbonJoint(.example))
  private var plane: RibbonPlane { RibbonTests.plane }

  private func example(
    _ seed: UInt64, count: Int = 12
  ) -> (vae: RibbonVAE, data: [SIMD2<Double>]) {
    var generator = Threefry(seed: seed, stream: 66)
    let vae = RibbonVAE(hidden: 3, guideHidden: 4, using: &generator)
    return (vae, (0..<count).map { _ in NeuralModel.example.sample(using: &generator).x })
  }

  @Test("eq. 6.6: the table's p(x) is the model's, and a copy of the model is the model")
  func evidence() {
    var generator = Threefry(seed: 6)
    let model = NeuralModel.example
    let copy = RibbonVAE(copying: model, using: &generator)
    #expect(copy.theta.count == 36)
    for x in [SIMD2(0.48, 0.3), SIMD2(2, 1.5), SIMD2(-1.1, -2), SIMD2(0.6, 1.2)] {
      let exact = model.logEvidence(of: x)
      #expect(abs(plane.joint.logEvidence(x) - exact.value) <= exact.error + 1e-11)
      #expect(abs(copy.joint.logEvidence(x) - exact.value) <= exact.error + 1e-11)
      #expect(abs(copy.joint.mirrored.logEvidence(x) - exact.value) <= exact.error + 1e-11)
      let posterior = plane.joint.posterior(given: x)
      #expect(abs(posterior.reduce(0, +) * RibbonJoint.grid.spacing - 1) < 1e-12)
      #expect(
        zip(RibbonJoint.z, posterior).allSatisfy { z, density in
          abs(density - exp(model.posterior(given: x).logDensity(z))) < 1e-9
        })
    }
  }

  /// −∫ p log p and ½ log |2πe Cov| − H on a grid of 0.1 × 0.1 with 400 nodes of z, in PyTorch.
  @Test("eq. 6.6: golden entropy, and the best Gaussian's divergence")
  func golden() {
    let mass = plane.expectation { _, _ in 1 }
    #expect(abs(mass.value - 1) < 1e-11)
    #expect(abs(plane.entropy.value - 2.272505703606028) < 1e-9)
    let gaussian = momentGaussian(of: plane.joint)
    let divergence = plane.divergence { gaussian.logDensity([$0.x, $0.y]) }
    #expect(abs(divergence.value - 0.42296408495734994) < 1e-9)
    for (i, j, value) in [(0, 0, 0.9196), (0, 1, 0.1112), (1, 1, 0.8314)] {
      #expect(abs(gaussian.covariance[i, j] - value) < 1e-4)
      let moment = plane.expectation { x, _ in
        (x[i] - gaussian.mean[i]) * (x[j] - gaussian.mean[j])
      }
      #expect(abs(moment.value - gaussian.covariance[i, j]) < 1e-10)
    }
    // no other Gaussian is nearer
    let moved = Gaussian(mean: [0.6, 1.1], covariance: Matrix([[0.95, 0.1], [0.1, 0.8]]))
    #expect(plane.divergence { moved.logDensity([$0.x, $0.y]) }.value > divergence.value)
  }

  /// Eq. 1.5's other side: posteriors point by point, averaged over the plane.
  @Test("eq. 6.6: posterior divergence and information, by their definitions")
  func posteriors() {
    let (vae, _) = example(3)
    let other = vae.joint
    let h = RibbonJoint.grid.spacing
    func average(_ f: (SIMD2<Double>) -> Double) -> Double {
      plane.expectation { x, logDensity in logDensity < -25 ? 0 : f(x) }.value
    }
    func divergence(_ x: SIMD2<Double>, _ q: [Double]) -> Double {
      zip(plane.joint.posterior(given: x), q).reduce(0) { sum, pair in
        pair.0 == 0 ? sum : sum + h * pair.0 * log(pair.0 / pair.1)
      }
    }
    let marginal = plane.divergence(from: other.logEvidence).value
    let direct = [other, other.mirrored].map { joint in
      average { x in divergence(x, joint.posterior(given: x)) }
    }
    let byChainRule = plane.posteriorDivergence(from: other, marginal: marginal)
    #expect(abs(byChainRule - direct.min()!) < 1e-6)
    #expect(
      abs(plane.posteriorDivergence(from: other.mirrored, marginal: marginal) - byChainRule)
        < 1e-12)
    let prior = RibbonJoint.z.map(Normal.standard.density)
    #expect(abs(plane.information - average { divergence($0, prior) }) < 1e-6)
    #expect(abs(plane.posteriorDivergence(from: plane.joint, marginal: 0)) < 1e-15)
  }

  @Test("eq. 6.6: divergence of two joints: a shifted mean by hand, and not the same backwards")
  func joints() {
    let truth = plane.joint
    let shifted = RibbonJoint(
      means: truth.means.map { $0 + SIMD2(0.1, 0) }, logVariances: truth.logVariances)
    let expected = zip(RibbonJoint.z, truth.logVariances).reduce(0) { sum, node in
      sum + 0.04 * Normal.standard.density(node.0) * 0.5 * 0.01 / exp(node.1.x)
    }
    #expect(abs(jointDivergence(truth, relativeTo: shifted) - expected) < 1e-13)
    let wider = RibbonJoint(
      means: truth.means, logVariances: truth.logVariances.map { $0 + log(4) })
    // σ twice as wide, in two coordinates: 2 · ½ (¼ − 1 + log 4), and back 2 · ½ (4 − 1 − log 4)
    #expect(abs(jointDivergence(truth, relativeTo: wider) - (log(4) - 0.75)) < 1e-12)
    #expect(abs(jointDivergence(wider, relativeTo: truth) - (3 - log(4))) < 1e-12)
  }

  @Test(
    "eq. 6.6: the log-likelihood by quadrature, and its gradient", arguments: [1, 2] as [UInt64])
  func likelihood(seed: UInt64) {
    let (vae, data) = example(seed)
    var likelihood = RibbonLikelihood(of: vae, data: data, nodes: 128)
    let (value, gradient) = likelihood(vae.theta)
    // |z| ≤ 5 forgets 6e-7 of the prior
    #expect(abs(value - mean(data.map(vae.joint.logEvidence))) < 1e-5)
    let expected = differences(at: vae.theta) { likelihood($0).value }
    #expect(gradient.count == vae.theta.count)
    for (a, b) in zip(gradient, expected) { #expect(abs(a - b) < 1e-7 * (1 + abs(b))) }
  }

  @Test("eq. 6.6: one draw of the ELBO, by its definition, and its gradient")
  func bound() {
    let (vae, data) = example(4, count: 5)
    var generator = Threefry(seed: 7)
    let noise = data.map { _ in generator.normal() }
    var bound = RibbonBound(of: vae, batch: data.count)
    let value = bound(vae, at: data, noise: noise)
    let expected = mean(
      data.indices.map { i in
        let lambda = vae.guide(Rows([[data[i].x, data[i].y]])).numbers
        let q = Normal(mean: lambda[0], variance: exp(lambda[1]))
        let z = q.mean + q.standardDeviation * noise[i]
        let (m, g) = (vae.mean(Rows([[z]])).numbers, vae.logVariance(Rows([[z]])).numbers)
        return (0..<2).reduce(0) {
          $0 + Normal(mean: m[$1], variance: exp(g[$1])).logDensity(data[i][$1])
        } - klDivergence(q, relativeTo: .standard)
      })
    #expect(abs(value - expected) < 1e-12)
    let parts: [(WritableKeyPath<RibbonVAE, DenseNetwork<Double>>, [Double])] = [
      (\.mean, bound.gradient.mean), (\.logVariance, bound.gradient.logVariance),
      (\.guide, bound.gradient.guide),
    ]
    for (network, gradient) in parts {
      let expected = differences(at: vae[keyPath: network].parameters) { parameters in
        var moved = vae
        moved[keyPath: network].parameters = parameters
        return bound(moved, at: data, noise: noise)
      }
      for (a, b) in zip(gradient, expected) { #expect(abs(a - b) < 1e-7 * (1 + abs(b))) }
    }
  }

  @Test("eq. 6.6: every check of the section, another seed")
  func study() {
    let study = RibbonStudy(seed: 2)
    let scores = [study.fresh, study.trained, study.fitted, study.nearby, study.bent].map {
      RibbonScore(of: $0, in: study)
    }
    let gaussian = momentGaussian(of: study.plane.joint)
    let divergence = study.plane.divergence { gaussian.logDensity([$0.x, $0.y]) }
    for check in study.checks(of: scores, gaussian: divergence) {
      #expect(check.holds, "\(check)")
    }
    #expect(scores[0].divergence.value > gaussian.entropy - study.plane.entropy.value)
    #expect(abs(study.expectedFloor - 36.0 / 4000) < 1e-15)
    // log p is climbed, so it ends above the ELBO's end
    #expect(scores[2].logLikelihood > scores[1].logLikelihood)
  }

  @Test("eq. 6.6: of several starts the most probable is kept, θ under its prior")
  func starts() {
    let (a, data) = example(8, count: 60)
    let (b, _) = example(9)
    func value(_ vae: RibbonVAE) -> Double {
      var likelihood = RibbonLikelihood(of: vae, data: data, nodes: 128)
      return likelihood(vae.theta).value - 0.5 * dot(vae.theta, vae.theta) / 60
    }
    let alone = [a, b].map { value(mostProbable([$0], data: data)) }
    let both = value(mostProbable([a, b], data: data))
    #expect(abs(both - alone.max()!) < 1e-9)
    #expect(alone.min()! > max(value(a), value(b)))
  }
}
