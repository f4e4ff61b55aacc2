/// A zero of a smooth function near two guesses, by the secant method: the line through the last
/// two points, followed to zero. It ends where a step no longer brings the function nearer to zero.
func root(near first: Double, and second: Double, of f: (Double) -> Double) -> Double {
  var (last, here) = ((x: first, y: f(first)), (x: second, y: f(second)))
  for _ in 0..<60 where here.y != last.y {
    let x = here.x - here.y * (here.x - last.x) / (here.y - last.y)
    let next = (x: x, y: f(x))
    guard abs(next.y) < abs(here.y) else { break }
    (last, here) = (here, next)
  }
  return here.x
}
