import Foundation
import Notebook

/// The reader's own images: a folder of IDX files named as MNIST and Fashion-MNIST ship them,
/// compressed or not. Labels may be absent, and so may the test set.
///
///     train-images-idx3-ubyte[.gz]  train-labels-idx1-ubyte[.gz]
///     t10k-images-idx3-ubyte[.gz]   t10k-labels-idx1-ubyte[.gz]
struct ImageFolder {
  let training: ImageSet
  /// Of the same size as the images in `training`.
  let test: ImageSet?

  init(_ path: String, gzip: Gzip = Gzip()) throws(Failure) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else {
      throw Failure(
        .inputCannotBeRead, "\(path) is not a folder: give the path of a folder of IDX files")
    }
    guard let training = try ImageFolder.images("train", in: path, gzip) else {
      throw Failure(
        .inputCannotBeRead,
        "\(path) has no train-images-idx3-ubyte, with or without .gz: check the names, which have "
          + "to be MNIST's")
    }
    self.training = training
    test = try ImageFolder.images("t10k", in: path, gzip)
    if let test, (test.rows, test.columns) != (training.rows, training.columns) {
      throw Failure(
        .inputIsNotWhatItClaims,
        "\(path) has images of \(training.rows) × \(training.columns) pixels to train on but of "
          + "\(test.rows) × \(test.columns) to test on: fetch both from one set")
    }
  }

  private static func images(
    _ part: String, in folder: String, _ gzip: Gzip
  ) throws(Failure) -> ImageSet? {
    guard let images = file("\(part)-images-idx3-ubyte", in: folder) else { return nil }
    let labels = file("\(part)-labels-idx1-ubyte", in: folder)
    return try ImageSet(
      images: IDX(contentsOf: images, dimensions: 3, gzip: gzip),
      labels: labels.map { path throws(Failure) in
        try IDX(contentsOf: path, dimensions: 1, gzip: gzip)
      },
      name: images)
  }

  /// The unpacked file where both are there.
  private static func file(_ name: String, in folder: String) -> String? {
    ["\(folder)/\(name)", "\(folder)/\(name).gz"].first {
      FileManager.default.fileExists(atPath: $0)
    }
  }
}
