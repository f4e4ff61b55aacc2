import Foundation
import Notebook

/// The reader's own images: a folder of IDX files named as MNIST and Fashion-MNIST ship them,
/// compressed or not. Labels may be absent, and so may the test set.
///
///     train-images-idx3-ubyte[.gz]  train-labels-idx1-ubyte[.gz]
///     t10k-images-idx3-ubyte[.gz]   t10k-labels-idx1-ubyte[.gz]
///
/// Some programs write a dot, `train-images.idx3-ubyte`, or put each file into a folder of its
/// name; some sets say `test` for `t10k`.
struct ImageFolder {
  let training: ImageSet
  /// Of the same size as the images in `training`.
  let test: ImageSet?
  /// The files that were read.
  private(set) var files: [String] = []

  init(_ path: String, gzip: Gzip = Gzip()) throws(Failure) {
    try ImageFolder.requireFolder(path)
    guard let training = try ImageFolder.images("train", in: path, gzip, &files) else {
      throw Failure(
        .inputCannotBeRead,
        "\(path) has no train-images-idx3-ubyte, with or without .gz: check the names, which have "
          + "to be MNIST's" + ImageFolder.resembling(in: path))
    }
    self.training = training
    var test = try ImageFolder.images("t10k", in: path, gzip, &files)
    if test == nil { test = try ImageFolder.images("test", in: path, gzip, &files) }
    self.test = test
    if let test, (test.rows, test.columns) != (training.rows, training.columns) {
      throw Failure(
        .inputIsNotWhatItClaims,
        "\(path) has images of \(training.rows) × \(training.columns) pixels to train on but of "
          + "\(test.rows) × \(test.columns) to test on: fetch both from one set")
    }
  }

  private static func requireFolder(_ path: String) throws(Failure) {
    var isFolder: ObjCBool = false
    let files = FileManager.default
    guard files.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      throw Failure(
        .inputCannotBeRead, "\(path) is not a folder: give the path of a folder of IDX files")
    }
    guard files.isReadableFile(atPath: path), files.isExecutableFile(atPath: path) else {
      throw Failure(
        .inputCannotBeRead, "\(path) is a folder that cannot be read: check its permissions")
    }
  }

  private static func images(
    _ part: String, in folder: String, _ gzip: Gzip, _ files: inout [String]
  ) throws(Failure) -> ImageSet? {
    guard let images = try file("\(part)-images", "idx3-ubyte", in: folder) else { return nil }
    let labels = try file("\(part)-labels", "idx1-ubyte", in: folder)
    files += [images] + (labels.map { [$0] } ?? [])
    return try ImageSet(
      images: IDX(contentsOf: images, dimensions: 3, gzip: gzip),
      labels: labels.map { path throws(Failure) in
        try IDX(contentsOf: path, dimensions: 1, gzip: gzip)
      },
      name: images)
  }

  /// The first file of these names, the unpacked one where both are there. A name may be taken by
  /// something that is not a file: there may be another.
  private static func file(
    _ name: String, _ type: String, in folder: String
  ) throws(Failure) -> String? {
    let (dashed, dotted) = ("\(name)-\(type)", "\(name).\(type)")
    let there = [dashed, dotted, "\(dashed)/\(dashed)", "\(dotted)/\(dotted)"]
      .flatMap { ["\(folder)/\($0)", "\(folder)/\($0).gz"] }
      .filter { (try? FileManager.default.attributesOfItem(atPath: $0)) != nil }
    if let file = there.first(where: isFile) { return file }
    guard let taken = there.first else { return nil }
    throw Failure(
      .inputCannotBeRead,
      "\(taken) is not a file, nor a link to one: give the path of a folder of IDX files")
  }

  private static func isFile(_ path: String) -> Bool {
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let attributes = try? FileManager.default.attributesOfItem(atPath: target)
    return attributes?[.type] as? FileAttributeType == .typeRegular
  }

  /// ", not emnist-letters-train-images-idx3-ubyte.gz": what was probably meant.
  private static func resembling(in folder: String) -> String {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let near = names.filter { $0.lowercased().contains("idx3") }.sorted().prefix(3)
    return near.isEmpty ? "" : ", not \(near.joined(separator: " or "))"
  }
}
