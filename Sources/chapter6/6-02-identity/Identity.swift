import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

/// Eq. 6.2: eq. 3.6 on a trained network, for each image: log p(x) = ELBO + D(q(z|x) ‖ p(z|x)),
/// three quadratures that share nothing but the two networks. `eachHalf` is told after each image's
/// ELBO and after each gap.
struct Identity {
  let evidence: Evidence
  private let bound: ExactELBO
  private let gap: PosteriorGap

  init(
    of model: VariationalAutoencoder<Double>, images: Rows<Double>, evidence: Evidence? = nil,
    eachHalf: @Sendable () -> Void = {}
  ) {
    let guides = model.guides(for: images)
    let evidence =
      evidence
      ?? .refined(
        of: model.decoder, images: images, from: Reach(of: model.decoder, guides: guides).grid)
    self.evidence = evidence
    bound = ExactELBO(of: model.decoder, guides: guides, images: images, eachImage: eachHalf)
    gap = PosteriorGap(
      of: model.decoder, guides: guides, images: images, logNormalisers: evidence.shifted,
      eachImage: eachHalf)
  }

  var count: Int { bound.terms.count }
  var logEvidence: [Double] { evidence.logEvidence }
  var elbo: [Double] { bound.terms.map(\.elbo) }
  var divergence: [Double] { gap.divergences }

  func residual(_ i: Int) -> Double {
    evidence.logEvidence[i] - bound.terms[i].elbo - gap.divergences[i]
  }

  /// The error estimates of the three quadratures (the evidence's twice: both of its grids take
  /// part) and 1e-10 for the rounding of sums of a million terms.
  func allowance(_ i: Int) -> Double {
    2 * evidence.error(ofImage: i) + bound.errors[i] + gap.errors[i] + 1e-10
  }

  /// The images a reader would ask for.
  var exemplars: [(name: String, image: Int)] {
    let images = 0..<count
    guard count > 0 else { return [] }
    return [
      ("most probable", images.max { logEvidence[$0] < logEvidence[$1] }!),
      ("least probable", images.min { logEvidence[$0] < logEvidence[$1] }!),
      ("widest gap", images.max { divergence[$0] < divergence[$1] }!),
      ("largest residual", worst),
    ]
  }

  /// The image whose residual is largest; one that is not a number is worst of all.
  private var worst: Int {
    (0..<count).max { badness($0) < badness($1) } ?? 0
  }

  private func badness(_ i: Int) -> Double {
    let size = abs(residual(i))
    return size.isNaN ? .infinity : size
  }

  var checks: [Check] {
    let largestAllowance = (0..<count).map(allowance).max() ?? .nan
    let narrowestGap = (0..<count).min {
      logEvidence[$0] - elbo[$0] < logEvidence[$1] - elbo[$1]
    }
    let i = worst
    let tightest = narrowestGap ?? 0
    return [
      .exact(
        "6.2", "log p(x) = ELBO + D on the image with the largest residual", logEvidence[i],
        elbo[i] + divergence[i], allowance: allowance(i)),
      .exact(
        "6.2", "images of \(count) whose residual is within its own allowance",
        Double((0..<count).filter { abs(residual($0)) <= allowance($0) }.count), Double(count),
        allowance: 0),
      .bound(
        "6.2", "the largest allowance is below a millionth of a nat", lower: largestAllowance,
        upper: 1e-6),
      .bound(
        "3.8", "ELBO ≤ log p(x) on the image with the narrowest gap", lower: elbo[tightest],
        upper: logEvidence[tightest]),
    ]
  }
}
