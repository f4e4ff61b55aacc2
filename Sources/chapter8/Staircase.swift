import Foundation
import Notebook
import TinyNumerics

/// The bound of one pixel's diffusion, √SNR in equal steps from 6 to 0.
struct Staircase {
  let pixel: Pixel
  let lengths = [16, 64, 128, 256, 512]
  let bounds: [Double]
  private let root = 6.0

  init(pixel: Pixel) {
    self.pixel = pixel
    let (lengths, root) = (lengths, root)
    bounds = lengths.map { steps in
      Schedule(rootSignalToNoiseFrom: root, to: 0, steps: steps).bound(PixelChannel(pixel)).total
    }
  }

  var scaledGaps: [Double] { zip(lengths, bounds).map { Double($0) * ($1 - pixel.entropy) } }

  var excess: Integral { PixelChannel(pixel).excess(upTo: root) }

  var checks: [Check] {
    let channel = PixelChannel(pixel)
    let name = "pixel \(pixel.probability.significant(2))"
    let (limit, excess) = (limit(of: Array(scaledGaps.suffix(3)), first: 2, second: 4), excess)
    let falls = zip(bounds, bounds.dropFirst()).map {
      Check.bound("8.7", "more steps, lower bound, \(name)", lower: $1, upper: $0)
    }
    // L_0 is the area beyond SNR_1, which the staircase leaves out; here at SNR 4.
    let below = channel.area(from: 0, to: 4)
    return [
      .worst(of: falls),
      .exact(
        "8.7", "T · gap → (R/2) ∫₀^R mmse(r²) dr, \(name) (from T = 128, 256, 512)", limit.value,
        excess.value, allowance: limit.error + excess.error),
      .exact(
        "8.7", "L_0 = ½∫ mmse dγ from SNR_1 on, \(name), SNR_1 = 4", channel.crossEntropy(4),
        pixel.entropy - below.value, allowance: below.error + rounding(1, terms: 400)),
    ]
  }
}
