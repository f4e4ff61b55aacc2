/// Which images a model was trained on: enough to notice that some of them are now called held out.
public struct TrainingRecord: Equatable, Sendable {
  /// Of the set that the images to train on were taken from, whatever its order.
  public let fingerprint: UInt64
  /// How many of that set were never trained on.
  public let heldOut: Int

  init(fingerprint: UInt64, heldOut: Int) {
    (self.fingerprint, self.heldOut) = (fingerprint, heldOut)
  }

  /// Of a training on these images.
  public init(_ dataset: Dataset) {
    let sharesFile = dataset.split != .ownFile
    let images = dataset.training.levels + (sharesFile ? dataset.heldOut.levels : [])
    fingerprint = images.reduce(0) { $0 &+ hash($1) }
    heldOut = sharesFile ? dataset.heldOut.levels.count : 0
  }

  /// Of this training after an earlier one: never trained on is what neither has seen.
  public func following(_ earlier: TrainingRecord?) -> TrainingRecord {
    guard let earlier, earlier.fingerprint == fingerprint else { return self }
    return TrainingRecord(
      fingerprint: fingerprint, heldOut: min(heldOut, earlier.heldOut))
  }
}

/// FNV-1a, 64 bits.
private func hash(_ bytes: [UInt8]) -> UInt64 {
  bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
}
