import TinyNumerics

// The area under the curve of a score that is to tell a from b: the probability that a random a has
// a larger score than a random b, ties counting half. Two ways.

/// Over all pairs (Mann and Whitney, 1947). Its standard error is that of a mean over the pairs
/// (a_i, b_i), each with the share of the others that it beats (Hájek's projection): b_i may be
/// made from a_i.
///
/// - Requires: as many of one as of the other.
func separation(_ a: [Double], from b: [Double]) -> (area: Double, standardError: Double) {
  require(a.count == b.count, "as many of one as of the other")
  func wins(_ x: Double, _ y: Double) -> Double { x > y ? 1 : x == y ? 0.5 : 0 }
  let beaten = a.map { a in mean(b.map { wins(a, $0) }) }
  let lost = b.map { b in mean(a.map { wins($0, b) }) }
  return (mean(beaten), Estimate(zip(beaten, lost).map(+)).standardError)
}

/// The area under the curve itself, by trapezoids: as a threshold falls, the share of b above it
/// along the one axis, of a along the other.
func areaUnderCurve(_ a: [Double], from b: [Double]) -> Double {
  let scores = (a.map { ($0, 1.0, 0.0) } + b.map { ($0, 0.0, 1.0) }).sorted { $0.0 > $1.0 }
  var (area, right, wrong, i) = (0.0, 0.0, 0.0, 0)
  while i < scores.count {
    var (newRight, newWrong) = (right, wrong)
    let threshold = scores[i].0
    while i < scores.count, scores[i].0 == threshold {
      newRight += scores[i].1 / Double(a.count)
      newWrong += scores[i].2 / Double(b.count)
      i += 1
    }
    area += (newWrong - wrong) * (right + newRight) / 2
    (right, wrong) = (newRight, newWrong)
  }
  return area
}
