import TinyNumerics

// Optional reading: standard normals by the dozen, in vector lanes.

extension Threefry {
  /// Fills `buffer` with standard normals in single precision, 32 from each refill of the
  /// generator, by Box and Muller's method with both coordinates used:
  ///   (r cos φ, r sin φ),  r = √(−2 log u),  φ uniform on the circle.
  ///
  /// u has 32 bits and is never 0: radii reach 6.7, and the tail beyond 6 has its 2e-9. Whatever
  /// was drawn one by one before and not used is left out, so that every call starts a fresh block.
  public mutating func fillNormals(_ buffer: UnsafeMutableBufferPointer<Float>) {
    guard let start = buffer.baseAddress else { return }
    let count = buffer.count
    for i in stride(from: 0, to: count, by: 32) {
      let words = nextFourBlocks()
      let first = Threefry.normals(
        radiusBits: unsafeBitCast(words.0, to: SIMD8<UInt32>.self),
        angleBits: unsafeBitCast(words.1, to: SIMD8<UInt32>.self))
      let second = Threefry.normals(
        radiusBits: unsafeBitCast(words.2, to: SIMD8<UInt32>.self),
        angleBits: unsafeBitCast(words.3, to: SIMD8<UInt32>.self))
      store(first.0, to: start, at: i, count: count)
      if i + 8 < count { store(first.1, to: start, at: i + 8, count: count) }
      if i + 16 < count { store(second.0, to: start, at: i + 16, count: count) }
      if i + 24 < count { store(second.1, to: start, at: i + 24, count: count) }
    }
  }

  @inline(__always)
  static func normals(
    radiusBits: SIMD8<UInt32>, angleBits: SIMD8<UInt32>
  ) -> (SIMD8<Float>, SIMD8<Float>) {
    let logarithm = Float.log(uniform(radiusBits))
    let radius = (-2 * logarithm).squareRoot()
    // Two bits choose a quarter of the circle, the others a place in it: φ in ±π/4 of an axis.
    let place = uniform(angleBits &<< 2) - 0.5
    let phi = place * (.pi / 2)
    let square = phi * phi
    var sine = product(square, SIMD8(repeating: -1 / 5040), plus: 1 / 120)
    sine = product(sine, square, plus: -1 / 6)
    sine = product(sine * square, phi, plus: phi)
    var cosine = product(square, SIMD8(repeating: 1 / 40320), plus: -1 / 720)
    cosine = product(cosine, square, plus: 1 / 24)
    cosine = product(cosine, square, plus: -0.5)
    cosine = product(cosine, square, plus: 1)
    // The top bit says quarter turn: the coordinates change places, by masks. The next says half
    // turn.
    let quarter = unsafeBitCast(
      unsafeBitCast(angleBits, to: SIMD8<Int32>.self) &>> 31, to: SIMD8<UInt32>.self)
    let (c, s) = (bits(radius * cosine), bits(radius * sine))
    let half = (angleBits &<< 1) & 0x8000_0000
    let x = (c & ~quarter | s & quarter) ^ half
    let y = (s & ~quarter | (c ^ 0x8000_0000) & quarter) ^ half
    return (unsafeBitCast(x, to: SIMD8<Float>.self), unsafeBitCast(y, to: SIMD8<Float>.self))
  }

  /// (bits + ½) / 2³², each half of the bits made a float exactly by laying it under 2²³.
  @inline(__always)
  private static func uniform(_ bits: SIMD8<UInt32>) -> SIMD8<Float> {
    let high = unsafeBitCast((bits &>> 16) | 0x4b00_0000, to: SIMD8<Float>.self) - 8_388_608
    let low = unsafeBitCast((bits & 0xffff) | 0x4b00_0000, to: SIMD8<Float>.self) - 8_388_608
    return high * 0x1p-16 + (low + 0.5) * 0x1p-32
  }

  @inline(__always)
  private static func bits(_ x: SIMD8<Float>) -> SIMD8<UInt32> {
    unsafeBitCast(x, to: SIMD8<UInt32>.self)
  }
}
