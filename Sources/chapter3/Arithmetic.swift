import TinyNumerics

// Quadratures are added and subtracted like the numbers they stand for; their errors always add up.

extension Integral {
  static func + (a: Integral, b: Integral) -> Integral {
    Integral(
      value: a.value + b.value, error: a.error + b.error, evaluations: a.evaluations + b.evaluations
    )
  }

  static prefix func - (a: Integral) -> Integral {
    Integral(value: -a.value, error: a.error, evaluations: a.evaluations)
  }

  static func - (a: Integral, b: Integral) -> Integral { a + -b }
}

/// What rounding may cost a sum whose terms have these sizes: 256 units in the last place of one plus
/// their total.
func rounding(_ magnitudes: Double...) -> Double {
  256 * .ulpOfOne * (1 + magnitudes.reduce(0) { $0 + abs($1) })
}
