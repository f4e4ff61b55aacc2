import Dispatch

/// `work(0)`, …, `work(count − 1)`, on as many cores as there are.
func inParallel<Result: Sendable>(
  _ count: Int, _ work: @Sendable (Int) -> Result
) -> [Result] {
  var results = [Result?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { buffer in
    // Each index is written by one iteration only.
    nonisolated(unsafe) let slots = buffer
    DispatchQueue.concurrentPerform(iterations: count) { slots[$0] = work($0) }
  }
  return results.map { $0! }
}
