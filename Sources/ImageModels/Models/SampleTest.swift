import TinyNetworks
import TinyNumerics

/// Eq. 7.12 where nobody knows p/q: a network of 64 hidden units learns to tell real images from
/// samples, and is asked about others. Both come in two halves, one to learn from and one to be
/// asked about.
///
/// Its accuracy a shows TV ≥ 2a − 1, its cross-entropy JS ≥ log 2 − CE (eq. 7.6): both in
/// expectation over fresh images.
public struct SampleTest: Sendable {
  /// How often it was right, one number a fresh image.
  public let accuracy: Estimate
  /// −log p(label|x).
  public let crossEntropy: Estimate

  public init(real: Rows<Double>, samples: Rows<Double>, steps: Int, seed: UInt64, part: Int) {
    let half = min(real.count, samples.count) / 2
    func halves(_ images: Rows<Double>) -> (Rows<Float>, Rows<Float>) {
      (
        images.rows(at: (0..<half).map { 2 * $0 }).single,
        images.rows(at: (0..<half).map { 2 * $0 + 1 }).single
      )
    }
    let (learned, asked) = halves(real)
    let (generated, fresh) = halves(samples)
    var generator = Threefry(seed: seed, row: 12, part: part)
    let start = DenseNetwork<Float>(
      widths: [real.width, 64, 1], activation: .softplus, using: &generator)
    let size = min(100, half)
    var learner = Learner(start, batchSize: 2 * size, learningRate: 2e-3)
    let labels = Rows((0..<2 * size).map { $0 < size ? Float(1) : 0 }, width: 1)
    for _ in 0..<steps {
      func drawn(_ images: Rows<Float>) -> Rows<Float> {
        images.rows(at: (0..<size).map { _ in Int.random(in: 0..<half, using: &generator) })
      }
      let batch = Rows(drawn(learned).numbers + drawn(generated).numbers, width: real.width)
      _ = learner.descend(on: batch) { rows, logits in
        ImageModels.crossEntropy(logits, labels.rows(rows), over: 2 * size)
      }
    }
    let logits = learner.network(Rows(asked.numbers + fresh.numbers, width: real.width)).numbers
    let answers = logits.enumerated().map { i, logit in
      (isReal: i < half, logit: Double(logit))
    }
    accuracy = Estimate(answers.map { ($0.logit > 0) == $0.isReal ? 1 : 0 })
    crossEntropy = Estimate(answers.map { -logSigmoid($0.isReal ? $0.logit : -$0.logit) })
  }
}
