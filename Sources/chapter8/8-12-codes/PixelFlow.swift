import TinyNetworks
import TinyNumerics

/// Eq. 8.12: the flow of 8.8 for a denoiser of pixels, in the units of 8.7. The density of
/// w = r x_0 + ε, r = √SNR, changes with r by −∂(q E[x_0 | w]), since each N(w; r x_0, 1) moves at
/// the speed x_0. So points that obey
///   dw/dr = E[x_0 | w]
/// have that density at every r; as r falls to 0 it becomes that of noise, N(0, I).
struct PixelFlow {
  /// 2 artanh x̂_0 of every pixel, for rows of w at one r.
  let logOdds: (_ w: Rows<Double>, _ root: Double) -> [Double]

  /// w at r = `end` of the paths that are at `w` at r = `start`, in equal steps of log r, for a
  /// network is shown log SNR: dw/d log r = r x̂_0, four evaluations a step (Runge and Kutta).
  func carry(
    _ w: Rows<Double>, from start: Double, to end: Double, steps: Int
  ) -> Rows<Double> {
    let h = log(end / start) / Double(steps)
    func slope(_ w: Rows<Double>, _ time: Double) -> [Double] {
      let root = start * exp(time)
      return logOdds(w, root).map { root * tanh(0.5 * $0) }
    }
    func moved(_ w: Rows<Double>, _ by: Double, _ slope: [Double]) -> Rows<Double> {
      Rows(zip(w.numbers, slope).map { $0 + by * $1 }, width: w.width)
    }
    return (0..<steps).reduce(w) { w, k in
      let time = Double(k) * h
      let a = slope(w, time)
      let b = slope(moved(w, h / 2, a), time + h / 2)
      let c = slope(moved(w, h / 2, b), time + h / 2)
      let d = slope(moved(w, h, c), time + h)
      return moved(w, h, a.indices.map { (a[$0] + 2 * b[$0] + 2 * c[$0] + d[$0]) / 6 })
    }
  }
}

extension Pixel {
  /// P(w ≤ ·) at r. On a line a flow keeps the order of points (8.8), and so this.
  func share(below w: Double, root: Double) -> Double {
    probability * Normal.standard.cdf(w - root)
      + (1 - probability) * Normal.standard.cdf(w + root)
  }
}
