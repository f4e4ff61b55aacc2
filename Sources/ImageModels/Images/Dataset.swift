import Notebook
import TinyNumerics

/// The images of an experiment: some train, the others are held out.
public struct Dataset: Sendable {
  /// "digits": for the reader.
  public let name: String
  public let training: ImageSet
  public let heldOut: ImageSet
  public let split: Split
  /// The files of the reader's own that were read.
  public let files: [String]
  /// The images that the costly sections look at: the first of those held out.
  public let examinedCount: Int

  /// Which images are held out.
  public enum Split: Sendable {
    /// The last ones, of a file without an order.
    case last
    /// Some at random, the same in every run: files may come in the order of their classes. Of two
    /// numbers of images, the smaller choice is part of the larger.
    case random
    /// Those of a file of their own, in a random order.
    case ownFile
  }

  public var rows: Int { training.rows }
  public var columns: Int { training.columns }
  public var pixels: Int { training.pixels }

  /// Of a large set 300 images tell the story, and of large images, each of which takes longer, 50;
  /// the digits are all looked at.
  static func mostExamined(pixels: Int) -> Int { max(50, min(300, 300 * 64 / pixels)) }

  public init(
    name: String, training: ImageSet, heldOut: ImageSet, split: Split = .last, files: [String] = []
  ) {
    (self.name, self.training, self.heldOut) = (name, training, heldOut)
    (self.split, self.files) = (split, files)
    examinedCount = min(
      heldOut.levels.count, Dataset.mostExamined(pixels: training.pixels))
  }

  /// The brightest level of all images: one that is held out has to fit the likelihood, too.
  public var brightest: UInt8 { max(training.brightest, heldOut.brightest) }

  /// The classes of held-out images that no image to train on shows.
  public var classesNeverTrained: [UInt8] {
    guard !training.labels.isEmpty else { return [] }
    return Set(heldOut.labels).subtracting(training.labels).sorted()
  }

  /// The digits, split as always, or with another number held out: the last ones.
  public static func digits(heldOut count: Int = Digits.heldOut.count) throws(Failure) -> Dataset {
    let images = try Digits.load()
    let all = images.levels.count
    try requireSome(count, of: all)
    return Dataset(
      name: "digits", training: images[0..<all - count], heldOut: images[all - count..<all])
  }

  private static func requireSome(_ count: Int, of all: Int) throws(Failure) {
    guard count < all else {
      throw Failure(
        .wrongCommandLine,
        "--held-out \(count) leaves nothing to train on: there are \(counted(all, "image")), so at "
          + "most \(all - 1) can be held out")
    }
  }

  /// A folder of the reader's own. Its t10k files are held out, or `count` of them; without such
  /// files `count` of the training images, a sixth of them unless the reader says otherwise.
  public static func folder(
    _ path: String, heldOut count: Int?, isTransposed: Bool = false
  ) throws(Failure) -> Dataset {
    let folder = try ImageFolder(path)
    let training = isTransposed ? folder.training.transposed : folder.training
    let all = training.levels.count
    guard let test = isTransposed ? folder.test?.transposed : folder.test else {
      guard all > 1 else {
        throw Failure(
          .inputIsNotWhatItClaims,
          "\(path) has one image: give at least two, one to train on and one to hold out")
      }
      let count = count ?? max(1, all / 6)
      try requireSome(count, of: all)
      let order = randomOrder(of: all)
      return Dataset(
        name: "images", training: training[order.dropFirst(count).sorted()],
        heldOut: training[order.prefix(count)], split: .random, files: folder.files)
    }
    guard (count ?? 0) <= test.levels.count else {
      throw Failure(
        .wrongCommandLine,
        "--held-out \(count ?? 0) is more than the \(counted(test.levels.count, "image")) of the "
          + "t10k file: choose at most \(test.levels.count)")
    }
    let heldOut = test[randomOrder(of: test.levels.count).prefix(count ?? test.levels.count)]
    return Dataset(
      name: "images", training: training, heldOut: heldOut, split: .ownFile, files: folder.files)
  }

  /// Of the folder alone: what is held out must not change with the seed of a training.
  private static func randomOrder(of count: Int) -> [Int] {
    var generator = Threefry(seed: 0, row: 1)
    return Array(0..<count).shuffled(using: &generator)
  }
}
