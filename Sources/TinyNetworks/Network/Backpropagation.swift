import TinyNumerics

// The forward and the backward pass, derived by hand.
//
// A layer computes, for a batch X with one example a row,   S = X·W + b,   Y = a(S).
// Let Ȳ stand for ∂loss/∂Y, and so on. The chain rule, entry by entry, gives
//   S̄ = Ȳ ∘ a′(S)        (∘ multiplies entries)
//   W̄ = Xᵀ·S̄,   b̄ = column sums of S̄,   X̄ = S̄·Wᵀ.
// X̄ is the Ȳ of the layer before.

extension DenseNetwork {
  /// Fills the tape from its input to its output.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func forward(_ tape: inout Tape<Scalar>) {
    let rows = tape.rows
    tape.values.withUnsafeMutableBufferPointer { values in
      tape.packed.withUnsafeMutableBufferPointer { packed in
        parameters.withUnsafeBufferPointer { parameters in
          for layer in 0..<layerCount {
            let (n, m) = (widths[layer], widths[layer + 1])
            let x = values.baseAddress! + tape.starts[layer]
            let y = values.baseAddress! + tape.starts[layer + 1]
            let w = parameters.baseAddress! + weightsStart(ofLayer: layer)
            multiply(
              StridedMatrix(start: x, rowStride: n, columnStride: 1),
              StridedMatrix(start: w, rowStride: m, columnStride: 1),
              rows: rows, depth: n, columns: m, startingFrom: w + n * m, into: y,
              packed: packed.baseAddress!)
            if layer < layerCount - 1 { activate(y, count: rows * m) }
          }
        }
      }
    }
  }

  /// From the gradient with respect to the output, set in the tape, to the gradients with respect
  /// to the parameters (written over `parameterGradient`) and, if wanted, to the input.
  public func backward(
    _ tape: inout Tape<Scalar>, parameterGradient: inout [Scalar], wantsInputGradient: Bool = true
  ) {
    propagate(&tape, wantsInputGradient: wantsInputGradient)
    parameterGradient = gradient(of: tape)
  }

  /// W̄ and b̄ of every layer, in an array of their own.
  func gradient(of tape: Tape<Scalar>) -> [Scalar] {
    var target = [Scalar](repeating: 0, count: parameterCount)
    var packed = [Scalar](repeating: 0, count: packedCount(rows: tape.rows))
    gradient(of: tape, adding: false, into: &target, packed: &packed)
    return target
  }

  /// S̄ of every layer, from the last to the first, and if wanted X̄ of the first.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func propagate(_ tape: inout Tape<Scalar>, wantsInputGradient: Bool) {
    for layer in stride(from: layerCount - 1, through: wantsInputGradient ? 0 : 1, by: -1) {
      gradientOfInput(&tape, layer: layer)
    }
  }

  /// W̄ and b̄ of every layer, written over `target` or added to what another part of the batch
  /// gave. The tape is only read.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func gradient(
    of tape: Tape<Scalar>, adding: Bool, into target: inout [Scalar],
    packed: inout [Scalar]
  ) {
    require(target.count == parameterCount, "a gradient entry for each parameter")
    require(packed.count >= packedCount(rows: tape.rows), "room for the packed batch")
    target.withUnsafeMutableBufferPointer { target in
      packed.withUnsafeMutableBufferPointer { packed in
        for layer in 0..<layerCount {
          let start = target.baseAddress! + weightsStart(ofLayer: layer)
          gradientOfParameters(tape, layer, adding, into: start, packed: packed.baseAddress!)
        }
      }
    }
  }

  /// W̄ = Xᵀ·S̄ and b̄ = column sums of S̄.
  @inline(__always)
  private func gradientOfParameters(
    _ tape: Tape<Scalar>, _ layer: Int, _ adding: Bool,
    into target: UnsafeMutablePointer<Scalar>, packed: UnsafeMutablePointer<Scalar>
  ) {
    let (n, m, rows) = (widths[layer], widths[layer + 1], tape.rows)
    tape.values.withUnsafeBufferPointer { values in
      tape.gradients.withUnsafeBufferPointer { gradients in
        let x = values.baseAddress! + tape.starts[layer]
        let s = gradients.baseAddress! + tape.starts[layer + 1]
        multiply(
          StridedMatrix(start: x, rowStride: 1, columnStride: n),
          StridedMatrix(start: s, rowStride: m, columnStride: 1),
          rows: n, depth: rows, columns: m, startingFrom: nil, adding: adding, into: target,
          packed: packed)
        sumColumns(s, rows: rows, columns: m, adding: adding, into: target + n * m)
      }
    }
  }

  /// X̄ = S̄·Wᵀ, and for a hidden layer at once the S̄ of the layer before: X̄ ∘ a′.
  @inline(__always)
  private func gradientOfInput(_ tape: inout Tape<Scalar>, layer: Int) {
    let (n, m, rows) = (widths[layer], widths[layer + 1], tape.rows)
    let (inputStart, outputStart) = (tape.starts[layer], tape.starts[layer + 1])
    tape.gradients.withUnsafeMutableBufferPointer { gradients in
      tape.packed.withUnsafeMutableBufferPointer { packed in
        parameters.withUnsafeBufferPointer { parameters in
          multiply(
            StridedMatrix(
              start: gradients.baseAddress! + outputStart, rowStride: m, columnStride: 1),
            StridedMatrix(
              start: parameters.baseAddress! + weightsStart(ofLayer: layer), rowStride: 1,
              columnStride: m),
            rows: rows, depth: m, columns: n, startingFrom: nil,
            into: gradients.baseAddress! + inputStart, packed: packed.baseAddress!)
        }
      }
      guard layer > 0 else { return }
      tape.values.withUnsafeBufferPointer { values in
        multiplyByDerivative(
          gradients.baseAddress! + inputStart, output: values.baseAddress! + inputStart,
          count: rows * n)
      }
    }
  }

  /// Y = a(S), in place.
  @inline(__always)
  private func activate(_ s: UnsafeMutablePointer<Scalar>, count: Int) {
    for i in stride(from: 0, to: count, by: 8) {
      store(activation(lanes(s, at: i, count: count)), to: s, at: i, count: count)
    }
  }

  @inline(__always)
  private func multiplyByDerivative(
    _ gradient: UnsafeMutablePointer<Scalar>, output: UnsafePointer<Scalar>, count: Int
  ) {
    for i in stride(from: 0, to: count, by: 8) {
      let slope = activation.derivative(output: lanes(output, at: i, count: count))
      store(lanes(gradient, at: i, count: count) * slope, to: gradient, at: i, count: count)
    }
  }
}

/// The sum of each column of a matrix that lies row after row.
@inline(__always)
private func sumColumns<S: NetworkScalar>(
  _ matrix: UnsafePointer<S>, rows: Int, columns: Int, adding: Bool,
  into sums: UnsafeMutablePointer<S>
) {
  for j in stride(from: 0, to: columns, by: 8) {
    var sum = SIMD8<S>.zero
    for i in 0..<rows { sum += lanes(matrix + i * columns, at: j, count: columns) }
    if adding { sum += lanes(sums, at: j, count: columns) }
    store(sum, to: sums, at: j, count: columns)
  }
}
