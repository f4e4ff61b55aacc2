import TinyNetworks
import TinyNumerics

/// Eq. 8.12: the flow of 8.8 for a denoiser of pixels, in the units of 8.7. The density of
/// w = r x_0 + ε, r = √SNR, changes with r by −∂(q E[x_0 | w]), since each N(w; r x_0, 1) moves at
/// the speed x_0. So points that obey
///   dw/dr = E[x_0 | w]
/// have that density at every r: at r = 0 that of noise, N(0, I).
struct PixelFlow {
  /// 2 artanh x̂_0 of every pixel, for rows of w at one r.
  let logOdds: (_ w: Rows<Double>, _ root: Double) -> [Double]

  private func velocity(_ w: Rows<Double>, _ root: Double) -> [Double] {
    logOdds(w, root).map { tanh(0.5 * $0) }
  }

  /// w at `end` of the paths that are at `w` at `start`: four evaluations a step (Runge and Kutta).
  func carry(
    _ w: Rows<Double>, from start: Double, to end: Double, steps: Int
  ) -> Rows<Double> {
    let h = (end - start) / Double(steps)
    func moved(_ w: Rows<Double>, _ by: Double, _ slope: [Double]) -> Rows<Double> {
      Rows(zip(w.numbers, slope).map { $0 + by * $1 }, width: w.width)
    }
    return (0..<steps).reduce(w) { w, k in
      let r = start + Double(k) * h
      let a = velocity(w, r)
      let b = velocity(moved(w, h / 2, a), r + h / 2)
      let c = velocity(moved(w, h / 2, b), r + h / 2)
      let d = velocity(moved(w, h, c), r + h)
      let slope = a.indices.map { (a[$0] + 2 * b[$0] + 2 * c[$0] + d[$0]) / 6 }
      return moved(w, h, slope)
    }
  }
}

extension Pixel {
  /// Where the flow takes one pixel from r to r = 0, without integration: it keeps the order of
  /// points (8.8), and P(w ≤ ·) is p Φ(w − r) + (1 − p) Φ(w + r) before and Φ(w) after.
  func code(_ w: Double, root: Double) -> Double {
    let (p, normal) = (probability, Normal.standard)
    return normal.quantile(p * normal.cdf(w - root) + (1 - p) * normal.cdf(w + root))
  }
}
