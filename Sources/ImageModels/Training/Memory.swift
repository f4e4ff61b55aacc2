import Foundation
import Notebook
import TinyNumerics

/// About how many bytes it takes to train a model and to look at it.
struct Footprint {
  let weights: Int
  let bytes: Int

  init(of experiment: Experiment, on images: Dataset, encoding: PixelEncoding) {
    let outputs = images.pixels * encoding.likelihood.outputsPerEntry
    let encoder = [images.pixels] + experiment.hidden + [2 * experiment.latent]
    let decoder = [experiment.latent] + experiment.hidden.reversed() + [outputs]
    weights = [encoder, decoder].reduce(0) { sum, widths in
      sum + zip(widths, widths.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
    }
    // In single precision: the weights, their gradient, Adam's two moments; in double precision:
    // the weights, and once more while they are taken over.
    let perWeight = 4 * 4 + 8 * 2
    // The tapes: values and gradients of each layer.
    let batch = 2 * 4 * experiment.batchSize * (encoder + decoder).reduce(0, +)
    // Grey levels as bytes, entries in single precision.
    let pixels = 5 * images.pixels * (images.training.levels.count + images.heldOut.levels.count)
    bytes = perWeight * weights + batch + pixels
  }
}

/// Refuses what this machine has no room for, before it starts to swap.
public func requireMemory(
  for experiment: Experiment, on images: Dataset, encoding: PixelEncoding,
  available: UInt64 = ProcessInfo.processInfo.physicalMemory
) throws(Failure) {
  let footprint = Footprint(of: experiment, on: images, encoding: encoding)
  guard footprint.bytes > available else { return }
  func gigabytes(_ bytes: Double) -> String { (bytes / 1e9).decimals(1) }
  throw Failure(
    .wrongCommandLine,
    "\(footprint.weights) weights and a batch of \(experiment.batchSize) need about "
      + "\(gigabytes(Double(footprint.bytes))) GB of memory, and there are "
      + "\(gigabytes(Double(available))): choose narrower --hidden layers or a smaller --batch")
}
