// The logistic function and its relatives, each written so that no intermediate value overflows
// or cancels for any finite argument.

/// log(1 + eˣ) = max(x, 0) + log(1 + e^{−|x|}).
@inlinable
public func softplus(_ x: Double) -> Double {
  max(x, 0) + log1p(exp(-abs(x)))
}

/// 1 / (1 + e^{−x}); for negative x the form eˣ / (1 + eˣ), so that the small value keeps its
/// digits.
@inlinable
public func sigmoid(_ x: Double) -> Double {
  let e = exp(-abs(x))
  return (x >= 0 ? 1 : e) / (1 + e)
}

/// log sigmoid(x) = −softplus(−x).
@inlinable
public func logSigmoid(_ x: Double) -> Double {
  -softplus(-x)
}
