import Foundation
import Notebook
import TestSupport
import Testing
import TinyNumerics

@testable import ImageModels

@Suite("A folder of the reader's own images")
struct ImageFolderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let names = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
  ]

  /// Images of 3 × 5 pixels, or their labels, that tell by their bytes which file they were in.
  private func file(_ kind: Int) -> IDX {
    let count = kind < 2 ? 6 : 4
    return kind % 2 == 0
      ? IDX(dimensions: [count, 3, 5], bytes: (0..<count * 15).map { UInt8($0 + kind) })
      : IDX(dimensions: [count], bytes: (0..<count).map { UInt8($0 + kind) })
  }

  @Test("plain or compressed, with labels or not, with a test set or not", arguments: 0..<81)
  func combinations(code: Int) throws {
    // Each file is absent, plain or compressed.
    let states = (0..<4).map { [1, 3, 9, 27][$0] }.map { code / $0 % 3 }
    for (kind, state) in states.enumerated() where state > 0 {
      let data = file(kind).encoded
      let name = ImageFolderTests.names[kind]
      if state == 1 {
        _ = try folder.write(data, name)
      } else {
        _ = try folder.write(try gzip(data, in: folder), name + ".gz")
      }
    }
    guard states[0] > 0 else {
      let error = try failure(naming: folder.path) { _ = try ImageFolder(folder.path) }
      #expect(error.status == .inputCannotBeRead)
      #expect(error.message.contains("no train-images-idx3-ubyte, with or without .gz"))
      return
    }
    let images = try ImageFolder(folder.path)
    let (training, test) = (images.training, images.test)
    #expect(training.levels.flatMap(\.self) == file(0).bytes)
    #expect((training.levels.count, training.rows, training.columns) == (6, 3, 5))
    #expect(training.labels == (states[1] > 0 ? file(1).bytes : []))
    #expect(test?.levels.flatMap(\.self) == (states[2] > 0 ? file(2).bytes : nil))
    #expect(test?.labels == (states[2] == 0 ? nil : states[3] > 0 ? file(3).bytes : []))
  }

  @Test("the unpacked file is taken where both are there; a folder is no file")
  func both() throws {
    _ = try folder.write(file(0).encoded, ImageFolderTests.names[0])
    _ = try folder.write(Data("nonsense".utf8), ImageFolderTests.names[0] + ".gz")
    #expect(try ImageFolder(folder.path).training.levels.count == 6)
    #expect(try ImageFolder(folder.path + "/").training.levels.count == 6)
    let labels = folder.path + "/" + ImageFolderTests.names[1]
    // Something else may have the name; then it is the first of the others that are files.
    try FileManager.default.createDirectory(atPath: labels, withIntermediateDirectories: false)
    #expect(
      try failure(naming: labels) { _ = try ImageFolder(folder.path) }.status == .inputCannotBeRead)
  }

  @Test(
    "a name may have a dot, or be a folder's with the file in it; the test set may be called test",
    arguments: ["train-images.idx3-ubyte", "train-images-idx3-ubyte/train-images-idx3-ubyte"])
  func otherNames(name: String) throws {
    func make(_ kind: Int, _ name: String) throws {
      if let slash = name.firstIndex(of: "/") {
        try FileManager.default.createDirectory(
          atPath: folder.path + "/" + name[..<slash], withIntermediateDirectories: false)
      }
      _ = try folder.write(file(kind).encoded, name)
    }
    func labels(_ name: String) -> String {
      name.replacing("images", with: "labels").replacing("idx3", with: "idx1")
    }
    try make(0, name)
    try make(1, labels(name))
    try make(2, name.replacing("train", with: "test"))
    let images = try ImageFolder(folder.path)
    #expect(images.training.levels.flatMap(\.self) == file(0).bytes)
    #expect(images.training.labels == file(1).bytes)
    #expect(images.test?.levels.count == 4 && images.files.count == 3)
  }

  @Test("what was probably meant is named")
  func resembling() throws {
    _ = try folder.write(file(0).encoded, "emnist-letters-train-images-idx3-ubyte.gz")
    let error = try failure(naming: folder.path) { _ = try ImageFolder(folder.path) }
    #expect(error.message.contains(", not emnist-letters-train-images-idx3-ubyte.gz"))
  }

  @Test("a link to nothing, under a name that is looked for, is not overlooked")
  func dangling() throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/" + ImageFolderTests.names[0], withDestinationPath: "nowhere")
    let error = try failure(naming: folder.path) { _ = try ImageFolder(folder.path) }
    #expect(error.message.contains("not a file, nor a link to one"))
  }

  /// Permissions do not bind root.
  @Test("a folder that cannot be read says so", .enabled(if: getuid() != 0))
  func unreadable() throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o000], ofItemAtPath: folder.path)
    let error = try failure(naming: folder.path) { _ = try ImageFolder(folder.path) }
    #expect(error.message.contains("check its permissions"))
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
  }

  @Test("which images are held out: none twice, all of them, and fewer are part of more")
  func split() throws {
    func pixels(_ set: ImageSet) -> Set<[UInt8]> { Set(set.levels) }
    _ = try folder.write(file(0).encoded, ImageFolderTests.names[0])
    _ = try folder.write(file(1).encoded, ImageFolderTests.names[1])
    var before: Set<[UInt8]> = []
    for (asked, count) in [(nil, 1), (2, 2), (5, 5)] as [(Int?, Int)] {
      let dataset = try Dataset.folder(folder.path, heldOut: asked)
      let (a, b) = (pixels(dataset.training), pixels(dataset.heldOut))
      #expect(b.count == count && a.count == 6 - count && a.union(b).count == 6)
      #expect(b.isSuperset(of: before) && pixels(dataset.training).isDisjoint(with: b))
      before = b
      // Each image keeps its label.
      for set in [dataset.training, dataset.heldOut] {
        for (image, label) in zip(set.levels, set.labels) { #expect(image[0] / 15 + 1 == label) }
      }
    }
    _ = try folder.write(file(2).encoded, ImageFolderTests.names[2])
    for count in [nil, 3] as [Int?] {
      let dataset = try Dataset.folder(folder.path, heldOut: count)
      #expect(dataset.training.levels.flatMap(\.self) == file(0).bytes)
      #expect(dataset.heldOut.levels.count == count ?? 4)
      for image in dataset.heldOut.levels { #expect(image[0] % 15 == 2) }
    }
  }

  @Test("images in the order of their classes: all classes train, all are held out")
  func sorted() throws {
    let (count, size) = (600, 4)
    let bytes = (0..<count).flatMap { i in (0..<size).map { _ in UInt8(i / 60) } }
    _ = try folder.write(
      IDX(dimensions: [count, 2, 2], bytes: bytes).encoded, ImageFolderTests.names[0])
    _ = try folder.write(
      IDX(dimensions: [count], bytes: (0..<count).map { UInt8($0 / 60) }).encoded,
      ImageFolderTests.names[1])
    let dataset = try Dataset.folder(folder.path, heldOut: nil)
    #expect(Set(dataset.training.labels).count == 10 && Set(dataset.heldOut.labels).count == 10)
    #expect(dataset.classesNeverTrained == [])
    let odd = Dataset(
      name: "x", training: dataset.training,
      heldOut: ImageSet(
        rows: 2, columns: 2, levels: Array(repeating: [0, 0, 0, 0], count: 3), labels: [9, 12, 11]))
    #expect(odd.classesNeverTrained == [11, 12])
  }

  @Test("rows and columns exchanged")
  func transposed() throws {
    _ = try folder.write(file(0).encoded, ImageFolderTests.names[0])
    _ = try folder.write(file(2).encoded, ImageFolderTests.names[2])
    let plain = try Dataset.folder(folder.path, heldOut: nil)
    let turned = try Dataset.folder(folder.path, heldOut: nil, isTransposed: true)
    for (a, b) in [(plain.training, turned.training), (plain.heldOut, turned.heldOut)] {
      #expect((b.rows, b.columns) == (5, 3))
      for (x, y) in zip(a.levels, b.levels) {
        let expected = (0..<15).map { (i: Int) -> UInt8 in x[i % 3 * 5 + i / 3] }
        #expect(y == expected)
      }
    }
  }

  @Test("one image cannot both train and be held out")
  func single() throws {
    _ = try folder.write(idx([1, 2, 2], body: 4), ImageFolderTests.names[0])
    let error = try failure(naming: folder.path) {
      _ = try Dataset.folder(folder.path, heldOut: nil)
    }
    #expect(error.message.contains("one image: give at least two"))
  }

  @Test("a training's record knows its images, whatever their order, and the smaller choice")
  func record() throws {
    _ = try folder.write(file(0).encoded, ImageFolderTests.names[0])
    func record(_ count: Int?) throws -> TrainingRecord {
      TrainingRecord(try Dataset.folder(folder.path, heldOut: count))
    }
    let (two, four) = (try record(2), try record(4))
    #expect(two.fingerprint == four.fingerprint && (two.heldOut, four.heldOut) == (2, 4))
    #expect(four.following(two) == two && two.following(four) == two)
    #expect(four.following(nil) == four)
    // With a test set of their own, all of these train.
    _ = try folder.write(file(2).encoded, ImageFolderTests.names[2])
    let all = try record(nil)
    #expect(all.fingerprint == two.fingerprint && all.heldOut == 0)
    _ = try folder.write(file(2).encoded, ImageFolderTests.names[0])
    let other = try record(nil)
    #expect(other.fingerprint != all.fingerprint && other.following(all) == other)
  }

  @Test("what is no folder: status 66")
  func noFolder() throws {
    let path = try folder.write(Data(), "file")
    for path in [path, folder.path + "/none", "/dev/null", ""] {
      let error = try failure(naming: path) { _ = try ImageFolder(path) }
      #expect(error.status == .inputCannotBeRead, "\(path)")
    }
  }

  @Test("sets that do not go together: status 65, naming the file or the folder")
  func unequal() throws {
    let wide = IDX(dimensions: [4, 5, 3], bytes: Array(repeating: 0, count: 60))
    let few = IDX(dimensions: [5], bytes: Array(repeating: 0, count: 5))
    let empty = IDX(dimensions: [0, 3, 5], bytes: [])
    for (kind, replacement, fault) in [
      (2, wide, "3 × 5 pixels to train on but of 5 × 3 to test on"),
      (1, few, "6 images but 5 labels"), (3, few, "4 images but 5 labels"),
      (0, empty, "no images"), (2, empty, "no images"), (1, file(0), "where labels have 1"),
      (0, file(1), "as labels have, where images have 3"),
    ] {
      for (other, name) in ImageFolderTests.names.enumerated() {
        _ = try folder.write((other == kind ? replacement : file(other)).encoded, name)
      }
      let error = try failure(naming: folder.path) { _ = try ImageFolder(folder.path) }
      #expect(error.status == .inputIsNotWhatItClaims)
      #expect(error.message.contains(fault), "\(error.message)")
    }
  }
}
