import Notebook
import TinyNumerics
import ToyModels

extension Chapter2 {
  static func showFactorisation(in notebook: Notebook) {
    notebook.section("2.7", "The posterior factorises over data points: the z_i are local")
    notebook.text(
      """
      p(X, Z) = Π p(x_i|z_i) p(z_i), so p(X) = Π p(x_i) and p(Z|X) = Π p(z_i|x_i). Each data set \
      is treated as one big model that knows nothing of factors: all 3⁴ joint states of a mixture, \
      a block-diagonal linear-Gaussian model, a double integral.
      """)
    checkJointMixture(in: notebook)
    checkStacked(in: notebook)
    let (model, first, second) = (Examples.neural.model, Examples.neural.x, SIMD2(1.5, 0.5))
    let pair = logEvidenceOfPair(model, first, second)
    let single = [first, second].map(model.logEvidence)
    notebook.check(
      .exact(
        "2.7", "neural: log p(x₁, x₂) by a double integral = log p(x₁) + log p(x₂)", pair.value,
        single[0].value + single[1].value,
        allowance: pair.allowance(magnitude: pair.value) + single[0].error + single[1].error))
  }

  private static func checkJointMixture(in notebook: Notebook) {
    let (model, data) = (Examples.mixture.model, [-1.5, 0.2, 2.0, 1.0])
    let joint = JointMixture(model, at: data)
    let sum = data.reduce(0) { $0 + model.logEvidence(of: $1).value }
    notebook.check(
      .exact(
        "2.7", "mixture: log p(X) over \(joint.posterior.count) states = Σ log p(x_i)",
        joint.logEvidence, sum,
        allowance: rounding(sum, terms: joint.posterior.count)))
    notebook.check(
      .exact(
        "2.7", "mixture: largest |p(Z|X) − Π p(z_i|x_i)| over the states",
        joint.distanceFromProduct(data.map(model.posterior)), 0,
        allowance: rounding(1 + abs(joint.logEvidence), terms: joint.posterior.count)))
  }

  private static func checkStacked(in notebook: Notebook) {
    let (model, data) = (LinearGaussianModel.line, [[1.5, 0], [-1, 2], [0.3, 0.9]])
    let whole = stacked(model, copies: 3)
    let joined = data.flatMap { $0 }
    // The whole in the space of X, the parts in the space of z: two routes to an evidence.
    let sum = data.reduce(0) { $0 + model.logEvidenceByAnotherRoute(of: $1).value }
    notebook.check(
      .exact(
        "2.7", "linear-Gaussian: log p(X) of three points at once = Σ log p(x_i)",
        whole.logEvidence(of: joined).value, sum, allowance: rounding(sum)))
    let posterior = whole.posterior(given: joined)
    // E[z|x] = WᵀC⁻¹(x − b) with p(x) = N(b, C): no posterior is involved.
    let means = data.map { x in
      dot(model.weights.column(0), model.marginal.cholesky.solve(zip(x, model.offset).map(-)))
    }
    let worst = (0..<3).max {
      abs(posterior.mean[$0] - means[$0]) < abs(posterior.mean[$1] - means[$1])
    }!
    notebook.check(
      .exact(
        "2.7", "linear-Gaussian: E[z_i|X] = E[z_i|x_i], the worst i", posterior.mean[worst],
        means[worst], allowance: rounding(1)))
    notebook.check(
      .exact(
        "2.7", "linear-Gaussian: I(z₁; z₂ | X) in nats", mutualInformation(0, 1, in: posterior), 0,
        allowance: rounding(1)))
    let shared = stacked(model, copies: 3, sharedShift: 1).posterior(given: joined)
    notebook.check(
      .exact(
        "2.7",
        "with a shared shift: I(z₁; z₂ | X) = −½ log(1 − ρ²), (Z, X) as one Gaussian",
        mutualInformation(0, 1, in: shared), informationThroughSharedShift(model, copies: 3),
        allowance: rounding(1)))
    notebook.gap()
    notebook.text(
      """
      An unknown that all points share is *global* and couples them: if all x₁ were shifted by one \
      and the same unknown s ~ N(0, 1), I(z₁; z₂ | X) = \
      \(mutualInformation(0, 1, in: shared).decimals(4)) nats.
      """)
  }
}
