// Optional reading: how an elementwise formula is carried along a buffer, eight numbers at a time.

/// The eight numbers from index i on; past the end of the buffer they are `filler`.
@inline(__always)
func lanes<S: NetworkScalar>(
  _ buffer: UnsafePointer<S>, at i: Int, count: Int, filler: S = 0
) -> SIMD8<S> {
  if i + 8 <= count {
    return UnsafeRawPointer(buffer + i).loadUnaligned(as: SIMD8<S>.self)
  }
  var result = SIMD8(repeating: filler)
  for lane in 0..<(count - i) { result[lane] = buffer[i + lane] }
  return result
}

/// Stores eight numbers from index i on, those past the end excepted.
@inline(__always)
func store<S: NetworkScalar>(
  _ values: SIMD8<S>, to buffer: UnsafeMutablePointer<S>, at i: Int, count: Int
) {
  if i + 8 <= count {
    UnsafeMutableRawPointer(buffer + i).storeBytes(of: values, as: SIMD8<S>.self)
    return
  }
  for lane in 0..<(count - i) { buffer[i + lane] = values[lane] }
}

/// x·y + z, in one instruction where the processor has one, and never as a library call a lane.
@inline(__always)
func product<S: NetworkScalar>(_ x: SIMD8<S>, _ y: SIMD8<S>, plus z: SIMD8<S>) -> SIMD8<S> {
  #if FUSED_MULTIPLY_ADD
    z.addingProduct(x, y)
  #else
    x * y + z
  #endif
}

@inline(__always)
func product<S: NetworkScalar>(_ x: SIMD8<S>, _ y: SIMD8<S>, plus z: S) -> SIMD8<S> {
  product(x, y, plus: SIMD8(repeating: z))
}

/// target += addend, entry by entry.
@inline(__always)
func add<S: NetworkScalar>(_ addend: [S], to target: inout [S]) {
  require(addend.count == target.count, "two buffers of one length")
  let count = target.count
  addend.withUnsafeBufferPointer { addend in
    target.withUnsafeMutableBufferPointer { target in
      guard let addend = addend.baseAddress, let target = target.baseAddress else { return }
      for i in stride(from: 0, to: count, by: 8) {
        let sum = lanes(target, at: i, count: count) + lanes(addend, at: i, count: count)
        store(sum, to: target, at: i, count: count)
      }
    }
  }
}
