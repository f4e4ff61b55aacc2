import TinyNumerics

/// The number types a network runs in: `Float` to train, `Double` where its gradients and its
/// evidence are checked. One source serves both; the kernels are specialised for each inside this
/// module.
///
/// Eight numbers are handled side by side. The requirements are the few elementwise functions that
/// do not follow from arithmetic.
public protocol NetworkScalar: LaneNumber, Sendable {
  /// eˣ; arguments beyond the type's range give its smallest or largest power, not 0 or ∞.
  static func exp(_ x: SIMD8<Self>) -> SIMD8<Self>
  /// log x for positive, normal x.
  static func log(_ x: SIMD8<Self>) -> SIMD8<Self>
  /// 1 where x > 0, else 0.
  static func step(_ x: SIMD8<Self>) -> SIMD8<Self>
  /// max(x, 0).
  static func positivePart(_ x: SIMD8<Self>) -> SIMD8<Self>
  /// Standard normals.
  static func fillNormals(
    _ buffer: UnsafeMutableBufferPointer<Self>, using generator: inout Threefry)
}

extension Double: NetworkScalar {
  public static func fillNormals(
    _ buffer: UnsafeMutableBufferPointer<Double>, using generator: inout Threefry
  ) {
    for i in buffer.indices { buffer[i] = generator.normal() }
  }

  /// As for `Float`, with more terms; relative error below 4e-16.
  @inline(__always)
  public static func exp(_ x: SIMD8<Double>) -> SIMD8<Double> {
    let x = x.replacing(with: -708, where: x .< -708).replacing(with: 709, where: x .> 709)
    // Adding 1.5·2⁵² leaves the nearest integer in the low bits.
    let shifted = x * 1.4426950408889634 + 0x1.8p52
    let n = shifted - 0x1.8p52
    let r = (x - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10
    var power = r * (1 / 6_227_020_800) + 1 / 479_001_600
    power = product(power, r, plus: 1 / 39_916_800)
    power = product(power, r, plus: 1 / 3_628_800)
    power = product(power, r, plus: 1 / 362_880)
    power = product(power, r, plus: 1 / 40_320)
    power = product(power, r, plus: 1 / 5_040)
    power = product(power, r, plus: 1 / 720)
    power = product(power, r, plus: 1 / 120)
    power = product(power, r, plus: 1 / 24)
    power = product(power, r, plus: 1 / 6)
    power = product(power, r, plus: 0.5)
    power = product(power, r, plus: 1)
    power = product(power, r, plus: 1)
    let exponent = unsafeBitCast(shifted, to: SIMD8<Int64>.self) &<< 52
    return unsafeBitCast(
      unsafeBitCast(power, to: SIMD8<Int64>.self) &+ exponent, to: SIMD8<Double>.self)
  }

  /// As for `Float`, with more terms of 2 artanh s = 2 (s + s³/3 + s⁵/5 + …); |s| ≤ 0.1716.
  @inline(__always)
  public static func log(_ x: SIMD8<Double>) -> SIMD8<Double> {
    // What lies above √½ in whole exponents, 1023 more than that: never negative.
    let bits =
      unsafeBitCast(x, to: SIMD8<UInt64>.self) &+ (0x3ff0_0000_0000_0000 - 0x3fe6_a09e_667f_3bcd)
    let exponent = bits &>> 52
    let fraction = (bits & 0x000f_ffff_ffff_ffff) &+ 0x3fe6_a09e_667f_3bcd
    let m = unsafeBitCast(fraction, to: SIMD8<Double>.self)
    // An integer e laid into the low bits of 2⁵² is the number 2⁵² + e.
    let e =
      unsafeBitCast(exponent &+ 0x4330_0000_0000_0000, to: SIMD8<Double>.self) - (0x1p52 + 1023)
    let s = (m - 1) / (m + 1)
    let square = s * s
    var series = square * (1 / 23) + 1 / 21
    series = product(series, square, plus: 1 / 19)
    series = product(series, square, plus: 1 / 17)
    series = product(series, square, plus: 1 / 15)
    series = product(series, square, plus: 1 / 13)
    series = product(series, square, plus: 1 / 11)
    series = product(series, square, plus: 1 / 9)
    series = product(series, square, plus: 1 / 7)
    series = product(series, square, plus: 1 / 5)
    series = product(series, square, plus: 1 / 3)
    let small = e * 1.90821492927058770002e-10 + 2 * s * square * series
    return e * 0.693147180369123816490 + (2 * s + small)
  }

  @inline(__always)
  public static func step(_ x: SIMD8<Double>) -> SIMD8<Double> {
    SIMD8(repeating: 0).replacing(with: 1, where: x .> 0)
  }

  @inline(__always)
  public static func positivePart(_ x: SIMD8<Double>) -> SIMD8<Double> {
    x.replacing(with: 0, where: x .< 0)
  }
}

extension Float: NetworkScalar {
  public static func fillNormals(
    _ buffer: UnsafeMutableBufferPointer<Float>, using generator: inout Threefry
  ) {
    generator.fillNormals(buffer)
  }

  /// eˣ = 2ⁿ eʳ with n the integer nearest to x / log 2 and |r| ≤ ½ log 2; relative error below
  /// 2e-7.
  @inline(__always)
  public static func exp(_ x: SIMD8<Float>) -> SIMD8<Float> {
    let x = x.replacing(with: -87, where: x .< -87).replacing(with: 88, where: x .> 88)
    // Adding 1.5·2²³ leaves the nearest integer in the low bits.
    let shifted = x * 1.442695041 + 12_582_912
    let n = shifted - 12_582_912
    // log 2 in two pieces, the first with few bits, so that n·log 2 loses none.
    let r = (x - n * 0.693359375) + n * 2.12194440e-4
    var power = r * (1 / 5040) + 1 / 720
    power = product(power, r, plus: 1 / 120)
    power = product(power, r, plus: 1 / 24)
    power = product(power, r, plus: 1 / 6)
    power = product(power, r, plus: 0.5)
    power = product(power, r, plus: 1)
    power = product(power, r, plus: 1)
    // n goes into the exponent's place: 23 bits up.
    let exponent = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &<< 23
    return unsafeBitCast(
      unsafeBitCast(power, to: SIMD8<Int32>.self) &+ exponent, to: SIMD8<Float>.self)
  }

  /// log x = e log 2 + log m, x = 2ᵉ m with √½ ≤ m < √2, and log m = 2 artanh s for
  /// s = (m−1)/(m+1).
  @inline(__always)
  public static func log(_ x: SIMD8<Float>) -> SIMD8<Float> {
    // What lies above √½ in whole exponents, 127 more than that: never negative.
    let bits = unsafeBitCast(x, to: SIMD8<UInt32>.self) &+ (0x3f80_0000 - 0x3f35_04f3)
    let exponent = bits &>> 23
    let m = unsafeBitCast((bits & 0x007f_ffff) &+ 0x3f35_04f3, to: SIMD8<Float>.self)
    // An integer e laid into the low bits of 2²³ is the float 2²³ + e.
    let e = unsafeBitCast(exponent &+ 0x4b00_0000, to: SIMD8<Float>.self) - (8_388_608 + 127)
    let s = (m - 1) / (m + 1)
    let square = s * s
    var series = square * (1 / 9) + 1 / 7
    series = product(series, square, plus: 1 / 5)
    series = product(series, square, plus: 1 / 3)
    return e * 0.6931471806 + 2 * s * (series * square + 1)
  }

  @inline(__always)
  public static func step(_ x: SIMD8<Float>) -> SIMD8<Float> {
    SIMD8(repeating: 0).replacing(with: 1, where: x .> 0)
  }

  @inline(__always)
  public static func positivePart(_ x: SIMD8<Float>) -> SIMD8<Float> {
    x.replacing(with: 0, where: x .< 0)
  }
}

#if hasFeature(Embedded)
  /// A floating-point number that can be a vector's lane.
  public typealias LaneNumber = BinaryFloatingPoint & SIMDScalar
#else
  /// A floating-point number that can be a vector's lane, whose vectors the library makes
  /// `Codable`.
  public typealias LaneNumber = BinaryFloatingPoint & SIMDScalar & Codable
#endif
