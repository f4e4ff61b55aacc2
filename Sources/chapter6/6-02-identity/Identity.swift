import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

/// Eq. 6.2: eq. 3.6 on a trained network, for each image: log p(x) = ELBO + D(q(z|x) ‖ p(z|x)),
/// three quadratures that share nothing but the two networks. D's posterior is normalised by a
/// fourth, for a D that were given log p(x) would agree with whatever it was given. `eachHalf` is
/// told after each image's ELBO and after each gap.
struct Identity {
  let evidence: Evidence
  private let bound: ExactELBO
  private let gap: PosteriorGap
  let normalisers: [Integral]

  /// - Parameter normalisers: log p(x) by `GuidedEvidence`, where it is known already.
  init(
    of decoder: Decoder<Double>, guides: [DiagonalGaussian], images: Rows<Double>,
    evidence: Evidence? = nil, normalisers: [Integral]? = nil,
    eachHalf: @Sendable () -> Void = {}
  ) {
    self.evidence =
      evidence
      ?? .refined(of: decoder, images: images, from: Reach(of: decoder, guides: guides).grid)
    bound = ExactELBO(
      of: decoder, guides: guides, images: images, eachImage: eachHalf)
    let normalisers =
      normalisers ?? GuidedEvidence(of: decoder, guides: guides, images: images).logEvidence
    self.normalisers = normalisers
    gap = PosteriorGap(
      of: decoder, guides: guides, images: images, logNormalisers: normalisers.map(\.value),
      eachImage: eachHalf)
  }

  var count: Int { bound.terms.count }
  var logEvidence: [Double] { evidence.logEvidence }
  var elbo: [Double] { bound.terms.map(\.elbo) }
  var divergence: [Double] { gap.divergences }

  func residual(_ i: Int) -> Double {
    evidence.logEvidence[i] - bound.terms[i].elbo - gap.divergences[i]
  }

  /// The error estimates of the four quadratures (the evidence's twice, for its plain grid alone is
  /// compared) and the rounding of their sums: the evidence's of as many positive terms as nodes,
  /// the other two's of some hundred times their mean, over at most 128 × 128 nodes.
  func allowance(_ i: Int) -> Double {
    2 * evidence.error(ofImage: i) + bound.errors[i] + gap.errors[i] + normalisers[i].error
      + rounding(1, terms: evidence.grid.count * evidence.grid.count)
      + rounding(logEvidence[i], elbo[i], divergence[i], terms: 128 * 128)
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

  /// log p(x) = ELBO + D, on the image that is nearest to failing it.
  func check(_ label: String, _ words: String) -> Check {
    .worst(
      label, words,
      of: (0..<count).map { (logEvidence[$0], elbo[$0] + divergence[$0], allowance($0)) })
  }

  var checks: [Check] {
    let images = 0..<count
    return [
      check("6.2", "log p(x) = ELBO + D"),
      .bound(
        "6.2", "the largest allowance is below a millionth of a nat",
        lower: images.map(allowance).max() ?? .nan, upper: 1e-6),
      .worst(
        of: images.map {
          .bound("3.8", "ELBO ≤ log p(x)", lower: elbo[$0], upper: logEvidence[$0])
        }),
    ]
  }
}
