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
    try FileManager.default.createDirectory(atPath: labels, withIntermediateDirectories: false)
    #expect(
      try failure(naming: labels) { _ = try ImageFolder(folder.path) }.status == .inputCannotBeRead)
  }

  @Test("which images are held out: the first of the t10k file, or the last to train on")
  func split() throws {
    func levels(_ kind: Int, _ range: Range<Int>) -> [UInt8] {
      Array(file(kind).bytes[15 * range.lowerBound..<15 * range.upperBound])
    }
    func compare(_ heldOut: Int?, _ training: [UInt8], _ other: [UInt8]) throws {
      let dataset = try Dataset.folder(folder.path, heldOut: heldOut)
      #expect(dataset.training.levels.flatMap(\.self) == training)
      #expect(dataset.heldOut.levels.flatMap(\.self) == other)
    }
    _ = try folder.write(file(0).encoded, ImageFolderTests.names[0])
    try compare(nil, levels(0, 0..<5), levels(0, 5..<6))
    try compare(2, levels(0, 0..<4), levels(0, 4..<6))
    _ = try folder.write(file(2).encoded, ImageFolderTests.names[2])
    try compare(nil, levels(0, 0..<6), levels(2, 0..<4))
    try compare(3, levels(0, 0..<6), levels(2, 0..<3))
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
      (0, empty, "no images"), (2, empty, "no images"), (1, file(0), "where 00000801 is expected"),
      (0, file(1), "ends inside its header"),
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
