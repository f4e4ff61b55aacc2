import TinyNumerics

/// What a forward pass leaves for the backward pass: the output of every layer for a batch of rows,
/// and room for the gradients with respect to them. Made once and used for every batch; nothing is
/// allocated in between.
public struct Tape<Scalar: NetworkScalar>: Sendable {
  /// How many rows the tape has room for, and how many the current batch has.
  public let capacity: Int
  public private(set) var rows: Int

  /// Layer outputs, one after the other; layer 0 is the input. `starts[l]` is where layer l begins.
  var values: [Scalar]
  /// ∂loss/∂values, in the same order.
  var gradients: [Scalar]
  let starts: [Int]
  let widths: [Int]
  /// Scratch for the packed right-hand side of a matrix product.
  var packed: [Scalar]

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public init(of network: DenseNetwork<Scalar>, rows capacity: Int) {
    require(capacity >= 0, "a batch cannot have fewer than no rows")
    self.capacity = capacity
    rows = capacity
    widths = network.widths
    var starts = [0]
    for width in widths { starts.append(starts[starts.count - 1] + width * capacity) }
    self.starts = starts
    values = Array(repeating: 0, count: starts[widths.count])
    gradients = values
    packed = Array(repeating: 0, count: network.packedCount(rows: capacity))
  }

  /// Takes a batch of fewer rows than there is room for.
  public mutating func setRows(_ rows: Int) {
    require((0...capacity).contains(rows), "a batch that fits the tape")
    self.rows = rows
  }

  private func range(ofLayer layer: Int) -> Range<Int> {
    starts[layer]..<starts[layer] + rows * widths[layer]
  }

  private var last: Int { widths.count - 1 }

  /// The network's output: `rows` rows.
  public var output: ArraySlice<Scalar> { values[range(ofLayer: last)] }
  /// ∂loss/∂input, after the backward pass.
  public var inputGradient: ArraySlice<Scalar> { gradients[range(ofLayer: 0)] }

  public mutating func setInput(_ input: some Collection<Scalar>) {
    require(input.count == rows * widths[0], "rows × input width numbers")
    values.replaceSubrange(range(ofLayer: 0), with: input)
  }

  public mutating func setOutputGradient(_ gradient: some Collection<Scalar>) {
    require(gradient.count == rows * widths[last], "rows × output width numbers")
    gradients.replaceSubrange(range(ofLayer: last), with: gradient)
  }

  /// Writes the input in place.
  mutating func withInput<R>(_ body: (UnsafeMutableBufferPointer<Scalar>) -> R) -> R {
    let range = range(ofLayer: 0)
    return values.withUnsafeMutableBufferPointer { body(.init(rebasing: $0[range])) }
  }

  /// Reads the input and the gradient with respect to it.
  func withInputAndGradient(
    _ body: (UnsafeBufferPointer<Scalar>, UnsafeBufferPointer<Scalar>) -> Void
  ) {
    let range = range(ofLayer: 0)
    values.withUnsafeBufferPointer { values in
      gradients.withUnsafeBufferPointer { gradients in
        body(.init(rebasing: values[range]), .init(rebasing: gradients[range]))
      }
    }
  }

  /// Reads the output and writes the gradient with respect to it.
  mutating func withOutput<R>(
    _ body: (UnsafeBufferPointer<Scalar>, UnsafeMutableBufferPointer<Scalar>) -> R
  ) -> R {
    let range = range(ofLayer: last)
    return values.withUnsafeBufferPointer { values in
      gradients.withUnsafeMutableBufferPointer { gradients in
        body(.init(rebasing: values[range]), .init(rebasing: gradients[range]))
      }
    }
  }
}

extension DenseNetwork {
  /// Scratch for the matrix products of a batch: those of layer l have W, its transpose or S̄ on
  /// the right.
  func packedCount(rows: Int) -> Int {
    let largest = zip(widths, widths.dropFirst()).map { n, m in
      max(
        TinyNetworks.packedCount(depth: n, columns: m),
        TinyNetworks.packedCount(depth: m, columns: n),
        TinyNetworks.packedCount(depth: rows, columns: m))
    }
    return largest.max() ?? 0
  }
}
