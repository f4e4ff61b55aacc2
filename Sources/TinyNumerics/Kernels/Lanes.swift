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
