import TinyNumerics

/// A dense network of any depth: layer l maps a row x of n_{l−1} numbers to y = a(x·W + b), with W
/// of n_{l−1} × n_l and b of n_l numbers; the last layer has no activation.
///
/// All parameters stand in one flat buffer, layer after layer: W₁ row by row, b₁, W₂, b₂, …, so
/// that an optimiser is one loop.
public struct DenseNetwork<Scalar: NetworkScalar>: Sendable {
  /// n₀, n₁, …, n_L: the width of the input, of each hidden layer and of the output.
  public let widths: [Int]
  /// What every layer but the last ends with.
  public let activation: Activation
  public var parameters: [Scalar]

  /// Parameters uniform on ±1/√n_{l−1}: weights and biases of a layer share the range.
  ///
  /// - Requires: an input and an output, all widths positive.
  public init(
    widths: [Int], activation: Activation, using generator: inout some RandomNumberGenerator
  ) {
    self.init(widths: widths, activation: activation, parameters: [])
    parameters.reserveCapacity(parameterCount)
    for layer in 0..<layerCount {
      let range = 1 / Double(widths[layer]).squareRoot()
      for _ in 0..<(widths[layer] + 1) * widths[layer + 1] {
        parameters.append(Scalar((2 * generator.uniform() - 1) * range))
      }
    }
  }

  private init(widths: [Int], activation: Activation, parameters: [Scalar]) {
    require(
      widths.count >= 2 && widths.allSatisfy { $0 > 0 },
      "a network needs an input, an output and positive widths")
    self.widths = widths
    self.activation = activation
    self.parameters = parameters
  }

  /// The same network in another number type: trained in `Float`, examined in `Double`.
  public init(_ other: DenseNetwork<some NetworkScalar>) {
    self.init(
      widths: other.widths, activation: other.activation,
      parameters: other.parameters.map { Scalar($0) })
  }

  public var layerCount: Int { widths.count - 1 }
  public var inputWidth: Int { widths[0] }
  public var outputWidth: Int { widths[layerCount] }

  /// Σ_l (n_{l−1} + 1) n_l.
  public var parameterCount: Int {
    (0..<layerCount).reduce(0) { $0 + (widths[$1] + 1) * widths[$1 + 1] }
  }

  /// Where W of layer l (0 is the first) starts in `parameters`; its b follows.
  public func weightsStart(ofLayer layer: Int) -> Int {
    (0..<layer).reduce(0) { $0 + (widths[$1] + 1) * widths[$1 + 1] }
  }

  /// The parameters layer by layer, row by row: n_{l−1} rows of W, and below them b.
  public var layers: [[[Scalar]]] {
    (0..<layerCount).map { layer in
      let (start, m) = (weightsStart(ofLayer: layer), widths[layer + 1])
      return (0...widths[layer]).map { Array(parameters[start + $0 * m..<start + ($0 + 1) * m]) }
    }
  }

  /// The outputs for each row of inputs. Convenient; training keeps a `Tape` instead.
  public func callAsFunction(_ inputs: Rows<Scalar>) -> Rows<Scalar> {
    require(inputs.width == inputWidth, "rows of the input's width")
    var tape = Tape(of: self, rows: inputs.count)
    tape.setInput(inputs.numbers)
    forward(&tape)
    return Rows(Array(tape.output), width: outputWidth)
  }

  /// The same for rows in a flat array.
  public func callAsFunction(_ inputs: [Scalar], rows: Int) -> [Scalar] {
    require(inputs.count == rows * inputWidth, "rows × input width numbers")
    return self(Rows(inputs, width: inputWidth)).numbers
  }
}
