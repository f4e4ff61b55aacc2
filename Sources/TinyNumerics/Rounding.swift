/// The most that rounding does to a sum whose terms' absolute values add up to Σ `magnitudes`.
///
/// A sum of n numbers is off by at most ½n units in the last place of Σ|xᵢ|, in whatever order they
/// are added (Higham, *Accuracy and Stability of Numerical Algorithms*, 2002, section 4.2); a term
/// that is the result of a few elementary functions brings a few units of its own. Allowed are 4
/// units a term, and for no fewer than 64 terms.
///
/// - Parameter terms: how many numbers were added up; say so where they are more than 64.
public func rounding(_ magnitudes: Double..., terms: Int = 64) -> Double {
  4 * Double(max(terms, 64)) * .ulpOfOne * magnitudes.reduce(0) { $0 + abs($1) }
}

/// (1/n) Σ xᵢ; not a number where there is none.
public func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
