import TinyNetworks
import TinyNumerics

/// The model that knows nothing but how often each pixel is set: P(x_j = 1) = (Σ x_j + ½)/(N + 1).
public struct IndependentPixels: Sendable {
  public let logits: [Double]

  public init(_ images: Rows<Double>) {
    logits = (0..<images.width).map { j in
      let set = images.reduce(0) { $0 + $1[$1.startIndex + j] }
      return log(set + 0.5) - log(Double(images.count) - set + 0.5)
    }
  }

  public func logProbabilities(of images: Rows<Double>) -> [Double] {
    images.map { image in
      zip(image, logits).reduce(0) { $0 + Bernoulli(logit: $1.1).logProbability($1.0 == 1) }
    }
  }
}
