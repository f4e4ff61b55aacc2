import Foundation

/// A mark on an axis, at a value in the data's units; a small one has no label.
struct Tick: Equatable, Sendable {
  let value: Double
  let label: String
}

extension Tick {
  /// At most about `count` named round values on an axis with these ends (in transformed units).
  static func ticks(_ scale: Axis.Scale, over ends: ClosedRange<Double>, count: Int) -> [Tick] {
    let ends = ends.clamped(to: -1e301...1e301)
    guard scale == .log10 else { return linear(over: ends, count: max(count, 1)) }
    let decades = Int((ends.lowerBound - 1e-9).rounded(.up))...Int(ends.upperBound.rounded(.up))
    let whole = decades.filter { Double($0) <= ends.upperBound + 1e-9 }
    if whole.count >= 2 { return powers(whole, over: ends, count: max(count, 1)) }
    // Less than a decade or two: round values, at their logarithmic places.
    return linear(over: pow(10, ends.lowerBound)...pow(10, ends.upperBound), count: max(count, 1))
      .filter { $0.value > 0 }
  }

  /// Multiples of the finest step of 1, 2 or 5 times a power of ten that gives at most `count` of
  /// them; of the next finer one where that would leave a single tick, which shows no scale.
  private static func linear(over ends: ClosedRange<Double>, count: Int) -> [Tick] {
    let least = (ends.upperBound - ends.lowerBound) / Double(count)
    guard least > 0 else { return [] }
    var (multiple, exponent) = (1, Int(log10(least).rounded(.down)))
    var finer: [Tick] = []
    while true {
      let ticks = multiples(of: multiple, exponent, in: ends)
      if ticks.count <= count { return ticks.count < 2 && finer.count > 1 ? finer : ticks }
      finer = ticks
      (multiple, exponent) =
        multiple == 1 ? (2, exponent) : multiple == 2 ? (5, exponent) : (1, exponent + 1)
    }
  }

  /// A tick is an integer n times 10ᵏ: its label has exactly the digits of n.
  private static func multiples(
    of multiple: Int, _ exponent: Int, in ends: ClosedRange<Double>
  ) -> [Tick] {
    let step = scaled(multiple, exponent)
    let first = Int((ends.lowerBound / step - 1e-9).rounded(.up))
    let last = Int((ends.upperBound / step + 1e-9).rounded(.down))
    guard first <= last else { return [] }
    let largest = max(abs(first), abs(last)) * multiple
    return (first...last).map { i in
      let n = i * multiple
      return Tick(value: scaled(n, exponent), label: label(n, exponent, largest: largest))
    }
  }

  /// 10ᵏ for whole k; between neighbours small ticks, with names for 2·10ᵏ and 5·10ᵏ if they fit.
  private static func powers(
    _ decades: [Int], over ends: ClosedRange<Double>, count: Int
  ) -> [Tick] {
    let strides = [1, 2, 5, 10, 20, 50, 100, 200, 500]
    let stride = strides.first { s in decades.count { $0 % s == 0 } <= count } ?? 1
    let superscripts = decades.contains { abs($0) > 3 }
    func tick(_ multiple: Int, _ k: Int) -> Tick {
      let isNamed =
        multiple == 1 || (!superscripts && 3 * decades.count <= count && 10 % multiple == 0)
      let name = superscripts ? "10\(superscript(k))" : label(multiple, k, largest: multiple)
      return Tick(value: scaled(multiple, k), label: isNamed ? name : "")
    }
    guard stride == 1, decades.count <= 6 else {
      return decades.filter { $0 % stride == 0 }.map { tick(1, $0) }
    }
    return ((decades[0] - 1)...decades[decades.count - 1]).flatMap { k in
      (1...9).map { tick($0, k) }
    }.filter { (ends.lowerBound - 1e-9...ends.upperBound + 1e-9).contains(log10($0.value)) }
  }

  /// n · 10ᵏ; dividing by 10⁻ᵏ, which is exact, rounds once where multiplying would round twice.
  private static func scaled(_ n: Int, _ k: Int) -> Double {
    k < 0 ? Double(n) / pow(10, Double(-k)) : Double(n) * pow(10, Double(k))
  }

  /// n · 10ᵏ in digits, or as m × 10ᵉ, with the exponent of the largest tick, when that is shorter.
  private static func label(_ n: Int, _ k: Int, largest: Int) -> String {
    guard n != 0 else { return "0" }
    let sign = n < 0 ? "−" : ""
    let exponent = k + String(largest).count - 1
    guard k > 4 || exponent > 5 || exponent < -4 else {
      return sign + decimal(abs(n), k)
    }
    let mantissa = decimal(abs(n), k - exponent)
    return sign + (mantissa == "1" ? "" : "\(mantissa)×") + "10\(superscript(exponent))"
  }

  /// The digits of n ≥ 0 with the decimal point moved by k places.
  private static func decimal(_ n: Int, _ k: Int) -> String {
    var digits = String(n)
    guard k < 0 else { return digits + String(repeating: "0", count: k) }
    digits = String(repeating: "0", count: max(0, 1 - k - digits.count)) + digits
    return "\(digits.dropLast(-k)).\(digits.suffix(-k))"
  }

  private static func superscript(_ k: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return (k < 0 ? "⁻" : "")
      + String(String(abs(k)).compactMap(\.wholeNumberValue).map { digits[$0] })
  }
}
