import TinyNumerics

/// Minibatches without replacement: each pass over `count` rows goes through all of them in a new
/// random order, `size` rows at a time; the last batch of a pass may be smaller.
public struct Batches: Sendable {
  public let count: Int
  public let size: Int
  private(set) var generator: Threefry
  private var pending: [ArraySlice<Int>] = []

  /// - Requires: at least one row, and one a batch.
  public init(of count: Int, size: Int, using generator: Threefry) {
    require(count > 0 && size > 0, "batches of at least one of at least one row")
    (self.count, self.size, self.generator) = (count, size, generator)
  }

  /// The batches of a new pass.
  public mutating func pass() -> [ArraySlice<Int>] {
    let order = (0..<count).shuffled(using: &generator)
    return stride(from: 0, to: count, by: size).map { order[$0..<min($0 + size, count)] }
  }

  /// The next batch, of a new pass where the last one has ended.
  public mutating func next() -> ArraySlice<Int> {
    if pending.isEmpty { pending = pass().reversed() }
    return pending.removeLast()
  }
}
