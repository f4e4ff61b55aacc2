/// The seeded generator of every chapter: Threefry-4×64 with 20 rounds.
///
/// A *counter-based* generator: block number c of stream s under seed k is a fixed scrambling of
/// (c, s, k) into four 64-bit words. Nothing carries over from one block to the next, so any number
/// of streams can be handed to any number of cores and the draws stay the same.
///
/// - Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3",
///   SC 2011. The tests compare with the known answers published with that paper.
public struct Threefry: RandomNumberGenerator, Sendable {
  /// One 64-bit word of four blocks: lane i belongs to block c + i.
  public typealias Lanes = SIMD4<UInt64>
  /// Four blocks of four words, scrambled side by side.
  public typealias Blocks = (Lanes, Lanes, Lanes, Lanes)

  @usableFromInline let seed: UInt64
  @usableFromInline let stream: UInt64
  @usableFromInline var nextBlock: UInt64 = 0
  @usableFromInline var words: Blocks = (.zero, .zero, .zero, .zero)
  @usableFromInline var wordsUsed = 16

  /// Generators that differ in seed or in stream give unrelated draws.
  public init(seed: UInt64, stream: UInt64 = 0) {
    self.seed = seed
    self.stream = stream
  }

  /// The generator of one row of the ledger, and of one part of it: `row: 5, part: 2` belongs to
  /// the third experiment of row N.5. Rows and parts share no draws.
  public init(seed: UInt64, row: Int, part: Int = 0) {
    self.init(seed: seed, stream: UInt64(row) << 32 + UInt64(part))
  }

  /// The next word: word 0 of four blocks, then word 1 of the same four, and so on.
  @inlinable
  public mutating func next() -> UInt64 {
    if wordsUsed == 16 { refill() }
    defer { wordsUsed += 1 }
    let block = wordsUsed & 3
    switch wordsUsed >> 2 {
    case 0: return words.0[block]
    case 1: return words.1[block]
    case 2: return words.2[block]
    default: return words.3[block]
    }
  }

  @usableFromInline
  mutating func refill() {
    words = nextFourBlocks()
    wordsUsed = 0
  }

  /// Sixteen fresh words at once. What was drawn one by one before and not used is left out.
  public mutating func nextFourBlocks() -> Blocks {
    let blocks = Lanes(repeating: nextBlock) &+ Lanes(0, 1, 2, 3)
    nextBlock &+= 4
    wordsUsed = 16
    return Threefry.scramble(counter: (blocks, .zero, .zero, .zero), key: (seed, stream, 0, 0))
  }

  /// Twenty rounds of add, rotate, exclusive-or; the key goes in first and after every fourth
  /// round.
  public static func scramble(
    counter: Blocks, key: (UInt64, UInt64, UInt64, UInt64)
  ) -> Blocks {
    let parity: UInt64 = 0x1BD1_1BDA_A9FC_1A22
    let keys = (key.0, key.1, key.2, key.3, parity ^ key.0 ^ key.1 ^ key.2 ^ key.3)
    var x = counter
    inject(&x, keys.0, keys.1, keys.2, keys.3)
    fourRounds(&x, (14, 16), (52, 57), (23, 40), (5, 37))
    inject(&x, keys.1, keys.2, keys.3, keys.4 &+ 1)
    fourRounds(&x, (25, 33), (46, 12), (58, 22), (32, 32))
    inject(&x, keys.2, keys.3, keys.4, keys.0 &+ 2)
    fourRounds(&x, (14, 16), (52, 57), (23, 40), (5, 37))
    inject(&x, keys.3, keys.4, keys.0, keys.1 &+ 3)
    fourRounds(&x, (25, 33), (46, 12), (58, 22), (32, 32))
    inject(&x, keys.4, keys.0, keys.1, keys.2 &+ 4)
    fourRounds(&x, (14, 16), (52, 57), (23, 40), (5, 37))
    inject(&x, keys.0, keys.1, keys.2, keys.3 &+ 5)
    return x
  }

  @inline(__always)
  private static func inject(
    _ x: inout Blocks, _ k0: UInt64, _ k1: UInt64, _ k2: UInt64, _ k3: UInt64
  ) {
    x.0 &+= Lanes(repeating: k0)
    x.1 &+= Lanes(repeating: k1)
    x.2 &+= Lanes(repeating: k2)
    x.3 &+= Lanes(repeating: k3)
  }

  private typealias Rotations = (UInt64, UInt64)

  @inline(__always)
  private static func fourRounds(
    _ x: inout Blocks, _ a: Rotations, _ b: Rotations, _ c: Rotations, _ d: Rotations
  ) {
    mix(&x.0, &x.1, a.0)
    mix(&x.2, &x.3, a.1)
    mix(&x.0, &x.3, b.0)
    mix(&x.2, &x.1, b.1)
    mix(&x.0, &x.1, c.0)
    mix(&x.2, &x.3, c.1)
    mix(&x.0, &x.3, d.0)
    mix(&x.2, &x.1, d.1)
  }

  @inline(__always)
  private static func mix(_ a: inout Lanes, _ b: inout Lanes, _ rotation: UInt64) {
    a &+= b
    b = (b &<< Lanes(repeating: rotation)) | (b &>> Lanes(repeating: 64 - rotation))
    b ^= a
  }
}
