import TinyNumerics

/// The noise schedule of a diffusion of T steps: q(x_t | x_{t−1}) = N(√α_t x_{t−1}, β_t), α_t = 1 −
/// β_t. With ᾱ_t = α_1 ⋯ α_t, which is 1 at t = 0, the signal-to-noise ratio is SNR_t = ᾱ_t/(1 −
/// ᾱ_t).
struct Schedule: Sendable {
  private let betas: [Double]
  private let alphaBars: [Double]
  private let noises: [Double]

  /// - Parameter betas: β_1 … β_T, between 0 and 1.
  init(betas: [Double]) {
    require(betas.allSatisfy { $0 > 0 && $0 <= 1 }, "a step adds some noise, and at most all of it")
    self.betas = betas
    var (alphaBars, noises) = ([1.0], [0.0])
    for beta in betas {
      alphaBars.append((1 - beta) * alphaBars.last!)
      // 1 − ᾱ_t without the subtraction, which would cancel while ᾱ_t is near 1
      noises.append(beta + (1 - beta) * noises.last!)
    }
    (self.alphaBars, self.noises) = (alphaBars, noises)
  }

  /// T.
  var steps: Int { betas.count }
  func beta(_ t: Int) -> Double { betas[t - 1] }
  func alpha(_ t: Int) -> Double { 1 - betas[t - 1] }
  func alphaBar(_ t: Int) -> Double { alphaBars[t] }
  /// 1 − ᾱ_t.
  func noise(_ t: Int) -> Double { noises[t] }
  /// SNR_t; ∞ at t = 0.
  func signalToNoise(_ t: Int) -> Double { alphaBars[t] / noises[t] }
}

extension Schedule {
  /// The four steps of most examples: ᾱ = 0.9, 0.72, 0.504, 0.3024.
  static let example = Schedule(betas: [0.1, 0.2, 0.3, 0.4])

  /// ᾱ_t = ᾱ(t/T) for a noise in continuous time, ᾱ(u) = e^{−B(u)}.
  init(_ noise: ContinuousNoise, steps: Int) {
    self.init(
      betas: (1...steps).map { t in
        let ends = (Double(t - 1) / Double(steps), Double(t) / Double(steps))
        return -expm1(noise.exponent(ends.0) - noise.exponent(ends.1))
      })
  }

  /// √SNR in equal steps from `first` at t = 1 to `last` at t = T.
  init(rootSignalToNoiseFrom first: Double, to last: Double, steps: Int) {
    require(steps > 1, "two ends need two steps")
    let alphaBars = (0..<steps).map { k in
      let root = first + (last - first) * Double(k) / Double(steps - 1)
      return root * root / (1 + root * root)
    }
    self.init(betas: zip([1] + alphaBars, alphaBars).map { 1 - $1 / $0 })
  }

  /// For pixels ±1: √SNR from 2 to 0.01. At the clean end little more can be learned of a pixel,
  /// at the other nearly nothing is known.
  static func pixels(steps: Int) -> Schedule {
    Schedule(rootSignalToNoiseFrom: 2, to: 0.01, steps: steps)
  }

  /// Ho, Jain and Abbeel's: β from 10⁻⁴ to 0.02 in equal steps, made for T = 1000.
  static func ho(steps: Int) -> Schedule {
    Schedule(
      betas: (0..<steps).map { 1e-4 + (0.02 - 1e-4) * Double($0) / Double(steps - 1) })
  }
}

/// Noise in continuous time, 0 ≤ u ≤ 1: ᾱ(u) = exp(−B(u)) with B(u) = linear·u + quadratic·u², and
/// dx = −½β(u) x du + √β(u) dW with β = B′.
struct ContinuousNoise: Sendable {
  let linear: Double
  let quadratic: Double

  /// Ho's β as T grows: β(u) from 0.1 to 20.
  static let standard = ContinuousNoise(linear: 0.1, quadratic: 9.95)
  /// β the same all the time.
  static let constant = ContinuousNoise(linear: 10, quadratic: 0)

  func exponent(_ u: Double) -> Double { linear * u + quadratic * u * u }
  func rate(_ u: Double) -> Double { linear + 2 * quadratic * u }
  func alphaBar(_ u: Double) -> Double { exp(-exponent(u)) }
  func noise(_ u: Double) -> Double { -expm1(-exponent(u)) }
}
