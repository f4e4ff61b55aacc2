import Foundation
import Notebook

/// The 8 × 8 digits that come with the package: 17 grey levels; origin and licence in
/// `Digits/ORIGIN.md`.
public enum Digits {
  /// The fixed split: the first 1,500 images train, the last 297 are held out.
  public static let training = 0..<1500
  public static let heldOut = 1500..<1797
  /// Half of the brightest level, 16.
  public static let threshold: UInt8 = 8

  public static func load() throws(Failure) -> ImageSet { try load(from: folder()) }

  static func load(from folder: String) throws(Failure) -> ImageSet {
    let images = try IDX(contentsOf: folder + "/digits-images-idx3-ubyte", dimensions: 3)
    let labels = try IDX(contentsOf: folder + "/digits-labels-idx1-ubyte", dimensions: 1)
    guard images.dimensions == [heldOut.upperBound, 8, 8],
      images.bytes.allSatisfy({ $0 <= 16 }), labels.bytes.allSatisfy({ $0 <= 9 })
    else {
      throw Failure(
        .inputIsNotWhatItClaims,
        "\(folder) does not hold 1,797 digits of 8 × 8 pixels and 17 grey levels: fetch both "
          + "files again and delete .build")
    }
    return try ImageSet(images: images, labels: labels, name: folder)
  }

  /// Beside the binary, where the build put a copy; else in the sources.
  private static func folder() throws(Failure) -> String {
    let beside = Bundle.main.bundleURL.appending(
      path: "vae-by-numbers_ImageModels.resources/Digits")
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Digits")
    for candidate in [beside.path, source.path]
    where FileManager.default.fileExists(atPath: candidate) {
      return candidate
    }
    throw Failure(
      .inputCannotBeRead, "the digits are missing: delete .build and build again")
  }
}
