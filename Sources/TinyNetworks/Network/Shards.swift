#if !hasFeature(Embedded)
  import Dispatch
#endif

// Work is cut into a fixed number of shards, whatever the number of cores, and its results are
// taken in order: so the same seed gives the same bytes on every machine.

/// How many shards a batch is cut into.
public let shardCount = 2

/// The rows of shard s of `count` rows.
func shard(_ s: Int, of count: Int) -> Range<Int> {
  count * s / shardCount..<count * (s + 1) / shardCount
}

/// The results of the shards of `count` rows, in order; each may run on a core of its own.
func inShards<Result: Sendable>(
  of count: Int, _ body: @Sendable (Range<Int>) -> Result
) -> [Result] {
  concurrentMap(shardCount) { body(shard($0, of: count)) }
}

/// The results of independent computations, in order, spread over the cores. After each of them
/// `each` is told.
public func concurrentMap<Result: Sendable>(
  _ count: Int, each: @Sendable () -> Void = {}, _ body: @Sendable (Int) -> Result
) -> [Result] {
  var results = [Result?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { results in
    nonisolated(unsafe) let results = results
    overTheCores(count) {
      results[$0] = body($0)
      each()
    }
  }
  return results.map { $0! }
}

extension Array {
  /// Each element is changed in place, on a core of its own.
  mutating func concurrentlyModify(_ body: @Sendable (Int, inout Element) -> Void) {
    withUnsafeMutableBufferPointer { elements in
      nonisolated(unsafe) let elements = elements
      overTheCores(elements.count) { body($0, &elements[$0]) }
    }
  }
}

/// Iterations that touch nothing of each other's; one after the other where there are no threads.
private func overTheCores(_ count: Int, _ body: @Sendable (Int) -> Void) {
  #if !hasFeature(Embedded)
    DispatchQueue.concurrentPerform(iterations: count, execute: body)
  #else
    for i in 0..<count { body(i) }
  #endif
}
