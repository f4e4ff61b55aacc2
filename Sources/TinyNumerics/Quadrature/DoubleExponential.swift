/// A map from a finite stretch of t onto an interval of x, finite or not, that makes integrands die
/// out *doubly exponentially* at both ends of t. There the plain sum over equally spaced t
/// converges faster than any power of the spacing, whatever the integrand did at the ends of x.
///
/// With u = ½π sinh t: a finite interval (a, b) is x = a + (b − a) sigmoid(2u), a half-line (a, ∞)
/// is x = a + scale·eᵘ, the whole line is x = centre + scale·sinh u.
///
/// - Source: Takahasi and Mori, "Double exponential formulas for numerical integration",
///   Publications
///   of RIMS 9 (1974).
struct DoubleExponential {
  let bounds: ClosedRange<Double>
  let centre: Double
  let scale: Double
  /// Where t ends: where an end of x is reached to within the range of `Double`, or where an
  /// infinite x has passed 10¹⁶ scales.
  let range: ClosedRange<Double>

  init(over bounds: ClosedRange<Double>, centre: Double, scale: Double) {
    require(scale > 0 && scale.isFinite && centre.isFinite, "a finite centre and a positive scale")
    require(
      bounds.lowerBound < .infinity && bounds.upperBound > -.infinity, "bounds of an interval")
    self.bounds = bounds
    self.centre = centre
    self.scale = scale
    // |u| up to 350 on a finite interval; beside that, eᵘ from 10⁻³⁰⁰ to 10¹⁶
    let (near, far) = (asinh(700 / Double.pi), asinh(2 * 37 / Double.pi))
    let veryNear = asinh(2 * 690 / Double.pi)
    range =
      switch (bounds.lowerBound.isFinite, bounds.upperBound.isFinite) {
      case (true, true): -near...near
      case (true, false): -veryNear...far
      case (false, true): -far...veryNear
      case (false, false): -far...far
      }
  }

  /// x(t) and dx/dt. Close to a finite end, x is that end plus a small number with all its digits.
  func node(_ t: Double) -> (x: Double, weight: Double) {
    let (a, b) = (bounds.lowerBound, bounds.upperBound)
    let u = 0.5 * Double.pi * sinh(t)
    let du = 0.5 * Double.pi * cosh(t)
    switch (a.isFinite, b.isFinite) {
    case (true, true):
      let (left, right) = (sigmoid(2 * u), sigmoid(-2 * u))
      return (u < 0 ? a + (b - a) * left : b - (b - a) * right, (b - a) * left * right * 2 * du)
    case (true, false): return (a + scale * exp(u), scale * exp(u) * du)
    case (false, true): return (b - scale * exp(-u), scale * exp(-u) * du)
    case (false, false): return (centre + scale * sinh(u), scale * cosh(u) * du)
    }
  }

  /// From 33 nodes to 16,385: each level halves the spacing of the one before.
  static let levels = 5...14

  func spacing(level: Int) -> Double {
    (range.upperBound - range.lowerBound) / Double(1 << level)
  }

  /// The nodes of a level that the coarser ones have not used, without those whose x is no longer
  /// inside the interval after rounding.
  func newNodes(level: Int) -> [(x: Double, weight: Double)] {
    let isFirst = level == DoubleExponential.levels.lowerBound
    return stride(from: isFirst ? 0 : 1, through: 1 << level, by: isFirst ? 1 : 2)
      .map { node(range.lowerBound + Double($0) * spacing(level: level)) }
      .filter { bounds.lowerBound < $0.x && $0.x < bounds.upperBound }
  }
}

/// ∫ f over an interval whose bounds may be infinite, with the spacing of a double exponential rule
/// halved until two successive sums differ by less than `tolerance`·∫|f|.
///
/// The integrand may be singular at the bounds, but should be smooth between them: where it has a
/// kink, split the interval. The reported error is the difference of the last two sums, plus the
/// outermost terms (the tails of an integral that does not converge do not die out), plus rounding.
/// It is large, or infinite, where the rule gives up after 16,385 nodes. A narrow peak that no node
/// has seen is invisible to any rule: on an infinite interval, say where the integrand lives.
///
/// - Parameters:
///   - tolerance: relative to ∫|f|, so that it means the same for tiny densities.
///   - centre: about where the integrand lives; used on the whole line only.
///   - scale: about how wide it is; used on infinite intervals only.
public func integrate(
  over bounds: ClosedRange<Double>, tolerance: Double = 1e-12, centre: Double = 0,
  scale: Double = 1, _ f: (Double) -> Double
) -> Integral {
  let rule = DoubleExponential(over: bounds, centre: centre, scale: scale)
  var (sum, magnitude) = (0.0, 0.0)
  var (leftmost, rightmost) = ((x: Double.infinity, term: 0.0), (x: -Double.infinity, term: 0.0))
  var result = Integral(value: .nan, error: .infinity, evaluations: 0)
  for level in DoubleExponential.levels {
    let nodes = rule.newNodes(level: level)
    let spacing = rule.spacing(level: level)
    for (x, weight) in nodes {
      let term = weight * f(x)
      sum += term
      magnitude += abs(term)
      if x < leftmost.x { leftmost = (x, abs(term)) }
      if x > rightmost.x { rightmost = (x, abs(term)) }
    }
    let change = abs(sum * spacing - result.value)
    let error = change + leftmost.term + rightmost.term + .ulpOfOne * magnitude * spacing
    result = Integral(
      value: sum * spacing, error: error.isNaN ? .infinity : error,
      evaluations: result.evaluations + nodes.count)
    // Not finite: no finer sum will be. Zero everywhere: perhaps a peak hides between the nodes.
    guard magnitude.isFinite else { break }
    if magnitude > 0 && error <= tolerance * magnitude * spacing { break }
  }
  return result
}

/// log ∫ exp(f) for f that may lie anywhere on the scale of logarithms, −10⁵ say, where exp(f) is
/// nothing but zeros. The same rule as ``integrate(over:tolerance:centre:scale:_:)``; tolerance and
/// error are in nats, the error infinite where f is −∞ at every node. (A large logarithm has fewer
/// digits after its point: it is given to rounding.)
public func logIntegralExp(
  over bounds: ClosedRange<Double>, tolerance: Double = 1e-12, centre: Double = 0,
  scale: Double = 1, _ f: (Double) -> Double
) -> Integral {
  let rule = DoubleExponential(over: bounds, centre: centre, scale: scale)
  var sum = LogSum()
  var (leftmost, rightmost) = ((x: Double.infinity, log: 0.0), (x: -Double.infinity, log: 0.0))
  var result = Integral(value: -.infinity, error: .infinity, evaluations: 0)
  for level in DoubleExponential.levels {
    let nodes = rule.newNodes(level: level)
    let spacing = rule.spacing(level: level)
    for (x, weight) in nodes {
      let logTerm = log(weight) + f(x)
      sum.add(logTerm)
      if x < leftmost.x { leftmost = (x, logTerm) }
      if x > rightmost.x { rightmost = (x, logTerm) }
    }
    let value = sum.value + log(spacing)
    let edges = exp(leftmost.log - value) + exp(rightmost.log - value)
    let error = abs(value - result.value) + edges + .ulpOfOne * max(1, abs(value))
    result = Integral(
      value: value, error: error.isNaN ? .infinity : error,
      evaluations: result.evaluations + nodes.count)
    guard value < .infinity else { break }
    if error <= max(tolerance, 8 * .ulpOfOne * abs(value)) { break }
  }
  return result
}

/// E[f(x)] for x ~ `q`, as ∫ φ(ε) f(µ + σε) dε by the same rule; `tolerance` is relative to E|f|.
/// Where φ is zero in `Double`, f is not asked.
public func expectation(
  under q: Normal, tolerance: Double = 1e-12, of f: (Double) -> Double
) -> Integral {
  integrate(over: -.infinity ... .infinity, tolerance: tolerance) { noise in
    let density = Normal.standard.density(noise)
    return density == 0 ? 0 : density * f(q.mean + q.standardDeviation * noise)
  }
}
