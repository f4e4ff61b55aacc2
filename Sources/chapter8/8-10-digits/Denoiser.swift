import TinyNetworks
import TinyNumerics

/// Eq. 8.10: a network that is shown noisy pixels and the level of noise. In the units of 8.7,
/// w = r x_0 + ε with r = √SNR, it sees x_t = w/√(1 + r²) and sines of log SNR; so one network
/// serves every T.
struct Denoiser: Sendable {
  /// In double precision, as whatever is examined.
  let network: DenseNetwork<Double>
  let prediction: Prediction

  /// Widths of the hidden layers.
  static let hidden = [128, 128]

  /// Sines and cosines of kπ(s + 10)/16, k = 1 … 8, where s is log SNR, held between −10 and 6.
  static func features(_ root: Double) -> [Double] {
    let phase = (min(max(2 * log(root), -10), 6) + 10) * .pi / 16
    return (1...8).flatMap { k in [sin(Double(k) * phase), cos(Double(k) * phase)] }
  }

  /// What the network is shown, for rows of w that have a noise level each.
  static func inputs(_ w: Rows<Double>, roots: [Double]) -> Rows<Double> {
    var inputs: [Double] = []
    inputs.reserveCapacity(w.count * (w.width + 16))
    for (row, root) in zip(w, roots) {
      let scale = 1 / (1 + root * root).squareRoot()
      inputs += row.lazy.map { scale * $0 }
      inputs += features(root)
    }
    return Rows(inputs, width: w.width + 16)
  }

  /// The network's outputs ℓ for rows of w at one noise level.
  func outputs(_ w: Rows<Double>, root: Double) -> Rows<Double> {
    network(Denoiser.inputs(w, roots: Array(repeating: root, count: w.count)))
  }

  /// 2(ℓ + r w) of every pixel: for the tanh of `Prediction.data` what `sampledBounds` asks for.
  func logOdds(_ w: Rows<Double>, root: Double) -> [Double] {
    zip(outputs(w, root: root).numbers, w.numbers).map { 2 * ($0 + root * $1) }
  }

  /// The same for x_t of a schedule.
  func logOdds(_ noisy: [Double], _ t: Int, _ schedule: Schedule) -> [Double] {
    let deviation = schedule.noise(t).squareRoot()
    return logOdds(
      Rows(noisy.map { $0 / deviation }, width: network.outputWidth),
      root: schedule.signalToNoise(t).squareRoot())
  }
}

/// What a network's output ℓ for a pixel is taken for, and the loss that it is trained on.
enum Prediction: Sendable {
  /// x̂_0 = tanh(ℓ + r w): a correction to the denoiser of fair pixels, for which ℓ is 0 (8.4).
  /// The bound's own weights: as steps get short, Σ ½(SNR_{t−1} − SNR_t) is ∫ r dr.
  case data
  /// ε̂ = ℓ, with no weights: Ho's "simple" loss.
  case noise

  /// √SNR while training.
  static let roots = (last: 0.01, first: 2.0)

  /// A pixel's loss if r is uniform between the two ends, and its slope by ℓ.
  func loss(
    _ output: Double, pixel x: Double, noise: Double, root r: Double
  ) -> (value: Double, slope: Double) {
    switch self {
    case .data:
      let guess = tanh(output + r * (r * x + noise))
      let weight = (Prediction.roots.first - Prediction.roots.last) * r
      return (
        weight * (guess - x) * (guess - x), 2 * weight * (guess - x) * (1 - guess * guess)
      )
    case .noise:
      return ((output - noise) * (output - noise), 2 * (output - noise))
    }
  }
}
