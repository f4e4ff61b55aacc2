import TinyNetworks
import TinyNumerics

/// Eq. 5.8: a gradient by back-propagation beside its central differences, block by block (a
/// layer's W, its b, the input), both in double precision.
struct GradientComparison {
  struct Block {
    let name: String
    /// ‖backward − differences‖ / ‖differences‖.
    let error: Double
    /// The differences' own error, ‖errors‖ / ‖differences‖.
    let allowance: Double
  }
  var blocks: [Block] = []
  /// Hidden units' distance from 0, where ReLU has its kink: the nearest of all units and rows.
  var nearestKink = Double.infinity
  /// How far a ±h step of the differences moved any unit's sum, at most.
  var largestMove = 0.0

  mutating func add(
    _ network: DenseNetwork<Double>, prefix: String = "", backward: [Double],
    differences: [Integral]
  ) {
    for (name, range) in network.blocks {
      add(
        prefix + name, backward: Array(backward[range]), differences: Array(differences[range]))
    }
  }

  mutating func add(_ name: String, backward: [Double], differences: [Integral]) {
    let values = differences.map(\.value)
    let nothing = values.map { _ in 0.0 }
    let errors = dot(differences.map(\.error), differences.map(\.error)).squareRoot()
    blocks.append(
      Block(
        name: name, error: normwiseError(backward, values),
        // behind a layer whose ReLUs all are off nothing is left to divide by
        allowance: values == nothing ? 0 : errors / dot(values, values).squareRoot()))
  }

  /// Records where the hidden sums stand and how far a step of the differences has moved them.
  mutating func watch(_ sums: [Double], moved: [Double]) {
    for (before, after) in zip(sums, moved) {
      nearestKink = min(nearestKink, abs(before))
      largestMove = max(largestMove, abs(after - before))
    }
  }
}

/// Inputs none of whose hidden units is nearer to a kink than this; differences step by 1e-5 and
/// 2e-5.
let kinkDistance = 2e-3

/// A row of standard normal inputs that keeps every hidden unit `kinkDistance` away from 0.
func rowAwayFromKinks(
  of network: DenseNetwork<Double>, using generator: inout Threefry
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
  using generator: inout Threefry
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
  comparison.add("input, \(widths[0])", backward: Array(tape.inputGradient), differences: byInput)
  return comparison
}

private func hiddenSums(_ network: DenseNetwork<Double>, _ inputs: [Double]) -> [Double] {
  let plain = PlainNetwork(network)
  return stride(from: 0, to: inputs.count, by: network.inputWidth).flatMap {
    plain(Array(inputs[$0..<$0 + network.inputWidth])).sums
  }
}
