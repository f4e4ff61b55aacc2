import Notebook
import TinyNetworks
import TinyNumerics

extension Denoiser {
  static let learningRate = 2e-3
  static let batchSize = 100

  /// Weights as at the start of training, the last layer's smaller: at first it says little.
  static func untrained(
    width: Int, hidden: [Int] = Denoiser.hidden, using generator: inout some RandomNumberGenerator
  ) -> DenseNetwork<Float> {
    var network = DenseNetwork<Float>(
      widths: [width + 16] + hidden + [width], activation: .softplus, using: &generator)
    for i in network.weightsStart(ofLayer: hidden.count)..<network.parameterCount {
      network.parameters[i] *= 0.1
    }
    return network
  }

  /// Eq. 8.10: trained on rows of pixels ±1. Each image of a batch gets its noise ε and its level
  /// r = √SNR, the levels one from each of as many equal strata; Adam, its steps falling linearly
  /// to 0 in the second half. After each step `goOn` is asked.
  ///
  /// - Throws: when the loss is no number any more.
  static func trained(
    _ prediction: Prediction, on images: Rows<Double>, hidden: [Int] = Denoiser.hidden,
    learningRate: Double = Denoiser.learningRate, epochs: Int, seed: UInt64, part: Int = 0,
    goOn: () -> Bool = { true }
  ) throws(Failure) -> Denoiser {
    var generator = Threefry(seed: seed, row: 10, part: part)
    var learner = Learner(
      untrained(width: images.width, hidden: hidden, using: &generator), batchSize: batchSize,
      learningRate: learningRate)
    var batches = Batches(
      of: images.count, size: batchSize,
      using: Threefry(seed: seed, row: 10, part: part + 1))
    let steps = epochs * ((images.count - 1) / batchSize + 1)
    for step in 0..<steps {
      learner.learningRate = learningRate * min(1, 2 * (1 - Double(step) / Double(steps)))
      let batch = NoisyBatch(images, batches.next(), using: &generator)
      let loss = learner.descend(on: batch.inputs) { rows, outputs in
        batch.loss(prediction, rows, outputs)
      }
      guard loss.isFinite else {
        throw Failure(
          .wrongCommandLine,
          "training diverged in step \(step + 1): the loss is no longer a number; choose another "
            + "--seed")
      }
      guard goOn() else { break }
    }
    return Denoiser(network: DenseNetwork(learner.network), prediction: prediction)
  }
}

/// Images of a batch, each with noise of its own at a level of its own.
struct NoisyBatch: Sendable {
  let images: Rows<Double>
  let roots: [Double]
  let noise: [Double]

  init(_ all: Rows<Double>, _ indices: ArraySlice<Int>, using generator: inout Threefry) {
    let (count, width, ends) = (indices.count, all.width, Prediction.roots)
    images = Rows(indices.flatMap { all[$0] }, width: width)
    roots = (0..<count).map { k in
      ends.last + (ends.first - ends.last) * (Double(k) + generator.uniform()) / Double(count)
    }
    var normals = [Float](repeating: 0, count: count * width)
    normals.withUnsafeMutableBufferPointer { generator.fillNormals($0) }
    noise = normals.map { Double($0) }
  }

  /// What the network sees of w = r x_0 + ε, in single precision.
  var inputs: Rows<Float> {
    let width = images.width
    let w = images.numbers.indices.map { i in roots[i / width] * images.numbers[i] + noise[i] }
    let inputs = Denoiser.inputs(Rows(w, width: width), roots: roots)
    return Rows(inputs.numbers.map { Float($0) }, width: inputs.width)
  }

  /// The mean loss an image, as far as rows `rows` contribute to it, and its slopes.
  func loss(
    _ prediction: Prediction, _ rows: Range<Int>, _ outputs: Rows<Float>
  ) -> (value: Double, slopes: Rows<Float>) {
    let (width, share) = (images.width, 1 / Double(images.count))
    var (value, slopes) = (0.0, outputs)
    for k in outputs.numbers.indices {
      let i = rows.lowerBound * width + k
      let pixel = prediction.loss(
        Double(outputs.numbers[k]), pixel: images.numbers[i], noise: noise[i],
        root: roots[i / width])
      value += share * pixel.value
      slopes.numbers[k] = Float(share * pixel.slope)
    }
    return (value, slopes)
  }
}
