import TinyNetworks
import TinyNumerics

/// Eq. 5.8: a gradient by back-propagation beside its central differences, block by block (a
/// layer's W, its b, the input), both in double precision.
struct GradientComparison {
  struct Block {
    let name: String
    /// ‖backward − differences‖ / ‖differences‖.
    let error: Double
  }
  var blocks: [Block] = []
  /// Hidden units' distance from 0, where ReLU has its kink: the nearest of all units and rows.
  var nearestKink = Double.infinity
  /// How far a ±h step of the differences moved any unit's sum, at most.
  var largestMove = 0.0

  /// The worst block; NaN if any block is.
  var worst: Double { blocks.reduce(0) { $1.error.isNaN ? $1.error : max($0, $1.error) } }

  mutating func add(
    _ network: DenseNetwork<Double>, prefix: String = "", backward: [Double],
    differences: [Double]
  ) {
    for (name, range) in network.blocks {
      add(prefix + name, backward: backward[range], differences: differences[range])
    }
  }

  mutating func add(
    _ name: String, backward: some Collection<Double>, differences: some Collection<Double>
  ) {
    blocks.append(Block(name: name, error: normwiseError(backward, differences)))
  }

  /// Records where the hidden sums stand and how far a step of the differences has moved them.
  mutating func watch(_ sums: [Double], moved: [Double]) {
    for (before, after) in zip(sums, moved) {
      nearestKink = min(nearestKink, abs(before))
      largestMove = max(largestMove, abs(after - before))
    }
  }
}

/// Inputs none of whose hidden units is nearer to a kink than this; differences step by 1e-5.
let kinkDistance = 2e-3

/// A row of standard normal inputs that keeps every hidden unit `kinkDistance` away from 0.
func rowAwayFromKinks(
  of network: DenseNetwork<Double>, using generator: inout some RandomNumberGenerator
) -> [Double] {
  while true {
    let row = (0..<network.inputWidth).map { _ in generator.normal() }
    if PlainNetwork(network)(row).sums.allSatisfy({ abs($0) >= kinkDistance }) { return row }
  }
}

/// Eq. 5.8 for a network alone, loss = Σ weight · output with random weights, so that every output
/// sends its own gradient back.
func compareGradients(
  of widths: [Int], _ activation: Activation, rows: Int = 6,
  using generator: inout some RandomNumberGenerator
) -> GradientComparison {
  let network = DenseNetwork<Double>(widths: widths, activation: activation, using: &generator)
  let input = (0..<rows).flatMap { _ in rowAwayFromKinks(of: network, using: &generator) }
  let weights = (0..<rows * network.outputWidth).map { _ in generator.normal() }
  var comparison = GradientComparison()

  let sums = hiddenSums(network, input)
  func loss(_ parameters: [Double], _ input: [Double]) -> Double {
    var changed = network
    changed.parameters = parameters
    comparison.watch(sums, moved: hiddenSums(changed, input))
    return dot(weights, changed(input, rows: rows))
  }
  var tape = Tape(of: network, rows: rows)
  tape.setInput(input)
  network.forward(&tape)
  tape.setOutputGradient(weights)
  var gradient = [Double](repeating: .nan, count: network.parameterCount)
  network.backward(&tape, parameterGradient: &gradient)

  let byParameters = centralDifferences(at: network.parameters) { loss($0, input) }
  let byInput = centralDifferences(at: input) { loss(network.parameters, $0) }
  comparison.add(network, backward: gradient, differences: byParameters)
  comparison.add("input, \(widths[0])", backward: tape.inputGradient, differences: byInput)
  return comparison
}

private func hiddenSums(_ network: DenseNetwork<Double>, _ inputs: [Double]) -> [Double] {
  let plain = PlainNetwork(network)
  return stride(from: 0, to: inputs.count, by: network.inputWidth).flatMap {
    plain(inputs[$0..<$0 + network.inputWidth]).sums
  }
}
