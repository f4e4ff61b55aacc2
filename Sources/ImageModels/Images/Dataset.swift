import Notebook

/// The images of an experiment: some train, the others are held out.
public struct Dataset: Sendable {
  /// "binarised digits": for the reader.
  public let name: String
  public let training: ImageSet
  public let heldOut: ImageSet
  /// The images that the costly sections look at: the first of those held out.
  public let examinedCount: Int

  public var rows: Int { training.rows }
  public var columns: Int { training.columns }
  public var pixels: Int { training.pixels }

  /// Of a large set 300 images tell the story, and of large images, each of which takes longer, 50;
  /// the digits are all looked at.
  static func mostExamined(pixels: Int) -> Int { max(50, min(300, 300 * 64 / pixels)) }

  public init(name: String, training: ImageSet, heldOut: ImageSet) {
    self.name = name
    self.training = training
    self.heldOut = heldOut
    examinedCount = min(
      heldOut.levels.count, Dataset.mostExamined(pixels: training.pixels))
  }

  /// The brightest level of all images: one that is held out has to fit the likelihood, too.
  public var brightest: UInt8 {
    (training.levels + heldOut.levels).lazy.compactMap { $0.max() }.max() ?? 1
  }

  /// The digits, split as always, or with another number held out: the last ones.
  public static func digits(heldOut count: Int = Digits.heldOut.count) throws(Failure) -> Dataset {
    try split(Digits.load(), heldOut: count, name: "digits")
  }

  /// The last `count` images are held out.
  static func split(
    _ images: ImageSet, heldOut count: Int, name: String
  ) throws(Failure) -> Dataset {
    let all = images.levels.count
    guard count < all else {
      throw Failure(
        .wrongCommandLine,
        "--held-out \(count) leaves nothing to train on: there are \(all) images, so at most "
          + "\(all - 1) can be held out")
    }
    return Dataset(
      name: name, training: images[0..<all - count], heldOut: images[all - count..<all])
  }

  /// A folder of the reader's own. Its t10k files are held out, or the first `count` of them;
  /// without such files the last `count` training images, a sixth of them unless the reader says
  /// otherwise.
  public static func folder(_ path: String, heldOut count: Int?) throws(Failure) -> Dataset {
    let folder = try ImageFolder(path)
    guard let test = folder.test else {
      let count = count ?? max(1, folder.training.levels.count / 6)
      return try split(folder.training, heldOut: count, name: "images")
    }
    guard (count ?? 0) <= test.levels.count else {
      throw Failure(
        .wrongCommandLine,
        "--held-out \(count ?? 0) is more than the \(test.levels.count) images of the t10k file: "
          + "choose at most \(test.levels.count)")
    }
    let heldOut = count.map { test[0..<$0] } ?? test
    return Dataset(name: "images", training: folder.training, heldOut: heldOut)
  }
}
