/// A zero of `f` between `low` and `high`, where its signs differ: the interval is halved until no
/// `Double` is left inside.
func zero(between low: Double, and high: Double, of f: (Double) -> Double) -> Double {
  var (low, high) = (low, high)
  let lowIsPositive = f(low) > 0
  while true {
    let middle = low + (high - low) / 2
    guard low < middle, middle < high else { return middle }
    if (f(middle) > 0) == lowIsPositive { low = middle } else { high = middle }
  }
}
