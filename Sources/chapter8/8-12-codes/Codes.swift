import TinyNetworks
import TinyNumerics

/// Images there and back by the DDPM's flow: to 64 numbers, and from them.
struct FlowCodes {
  let denoiser: Denoiser
  static let steps = 60
  private var first: Double { Prediction.roots.first }
  private var last: Double { Prediction.roots.last }

  private var flow: PixelFlow {
    PixelFlow { [denoiser] in denoiser.logOdds($0, root: $1) }
  }

  /// x_1 drawn from the guide, w = 2 x_0 + ε, for images 0/1.
  func noisy(_ images: Rows<Double>, using generator: inout some RandomNumberGenerator)
    -> Rows<Double>
  {
    Rows(signs(images).numbers.map { first * $0 + generator.normal() }, width: images.width)
  }

  func encode(_ w: Rows<Double>, steps: Int = FlowCodes.steps) -> Rows<Double> {
    flow.carry(w, from: first, to: last, steps: steps)
  }

  func decode(_ codes: Rows<Double>, steps: Int = FlowCodes.steps) -> Rows<Double> {
    flow.carry(codes, from: last, to: first, steps: steps)
  }

  /// P(+1) of every pixel at the clean end.
  func greys(_ w: Rows<Double>) -> Rows<Double> {
    Rows(denoiser.logOdds(w, root: first).map(sigmoid), width: w.width)
  }

  /// On the great circle from one code to another: their lengths are those of noise, about √64,
  /// and a straight line would pass through shorter ones, which no image has.
  static func arc(from a: ArraySlice<Double>, to b: ArraySlice<Double>, steps: Int) -> Rows<Double>
  {
    func dot(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>) -> Double {
      zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let angle = acos(dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot())
    return Rows(
      (0..<steps).map { k in
        let t = Double(k) / Double(steps - 1)
        let weights = (sin((1 - t) * angle) / sin(angle), sin(t * angle) / sin(angle))
        return zip(a, b).map { weights.0 * $0 + weights.1 * $1 }
      })
  }
}
