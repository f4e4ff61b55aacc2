import Notebook
import TinyNetworks
import TinyNumerics

/// Chapter 6's digits: a pixel is 1 from half of the brightest level on, and 0 below it.
public struct BinaryDigits: Sendable {
  public let training: Rows<Double>
  public let heldOut: Rows<Double>
  /// The digit that each image shows.
  public let trainingLabels: [Int]
  public let heldOutLabels: [Int]

  /// The first 1,500 train and the others are held out; for choosing settings the first 1,200
  /// train and the next 300 judge.
  public init(forChoosing: Bool = false) throws(Failure) {
    let digits = try Digits.load()
    let encoding = PixelEncoding(.bernoulli, brightest: 16)
    var unused = Threefry(seed: 0)  // nothing is drawn where a pixel is 0 or 1
    let images: Rows<Double> = encoding.entries(digits.levels[...], using: &unused)
    let (train, judge) =
      forChoosing ? (0..<1200, 1200..<1500) : (Digits.training, Digits.heldOut)
    (training, heldOut) = (images.rows(train), images.rows(judge))
    (trainingLabels, heldOutLabels) = (
      digits.labels[train].map { Int($0) }, digits.labels[judge].map { Int($0) }
    )
  }
}

extension Rows {
  /// Some of the rows, in the order that is asked for.
  public func rows(at indices: some Sequence<Int>) -> Rows {
    Rows(indices.flatMap { self[$0] }, width: width)
  }
}

extension Rows<Double> {
  /// In single precision, for training.
  public var single: Rows<Float> { Rows<Float>(numbers.map { Float($0) }, width: width) }

  /// Each row of up to 64 pixels as the bits of one number.
  public var bits: [UInt64] {
    map { row in row.reduce(0) { 2 * $0 + ($1 == 1 ? 1 : 0) } }
  }
}
