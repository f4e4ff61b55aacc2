import TinyNumerics

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

/// Adds the first `count` lanes, or all eight, to running sums. In a loop this is much faster than
/// summing lane by lane, which tempts the compiler to compute the terms so as well.
@inline(__always)
func add<S: NetworkScalar>(_ terms: SIMD8<S>, to sums: inout SIMD8<S>, count: Int) {
  var terms = terms
  if count < 8 { for lane in count..<8 { terms[lane] = 0 } }
  sums += terms
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
