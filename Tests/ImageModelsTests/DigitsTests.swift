import Foundation
import Notebook
import TestSupport
import Testing
import TinyNetworks
import TinyNumerics

@testable import ImageModels

@Suite("The digits")
struct DigitsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func load(images: Data, labels: Data) throws -> ImageSet {
    _ = try folder.write(images, imagesName)
    _ = try folder.write(labels, labelsName)
    return try Digits.load(from: folder.path)
  }

  /// The sums are `sum(x >= 8 for x in d[:1500 * 64])` and of the rest, in Python on the file's
  /// bytes.
  @Test("the split: 1,500 images train, 297 are held out; binarised at level 8")
  func split() throws {
    let digits = try Digits.load()
    #expect(digits.rows == 8 && digits.columns == 8 && digits.pixels == 64)
    #expect(digits.levels.count == 1797 && digits.labels.count == 1797)
    #expect(Digits.training.count == 1500 && Digits.heldOut.count == 297)
    #expect(Digits.training.upperBound == Digits.heldOut.lowerBound)
    let dataset = try Dataset.digits()
    let encoding = PixelEncoding(.bernoulli, brightest: 16)
    #expect(encoding.threshold == Digits.threshold)
    var unused = Threefry(seed: 1)
    let training: Rows<Double> = encoding.entries(dataset.training.levels[...], using: &unused)
    let heldOut: Rows<Double> = encoding.entries(dataset.heldOut.levels[...], using: &unused)
    #expect(training.count == 1500 && heldOut.count == 297)
    #expect(training.width == 64 && heldOut.width == 64)
    #expect(training.numbers.reduce(0, +) == 31012)
    #expect(heldOut.numbers.reduce(0, +) == 6139)
    #expect((training.numbers + heldOut.numbers).allSatisfy { $0 == 0 || $0 == 1 })
    // Image 1499 is a 2, image 1500 a 1.
    #expect(digits.labels[1499] == 2 && digits.labels[1500] == 1)
    #expect(digits.levels[1499].suffix(8) == [0, 5, 16, 14, 10, 8, 6, 0])
    #expect(training.numbers.suffix(8) == [0, 0, 1, 1, 1, 1, 0, 0])
  }

  @Test("what the build copied is what is committed")
  func copied() throws {
    let (a, b) = (try Digits.load(), try Digits.load(from: digitsFolder))
    #expect(a == b)
  }

  @Test("whole IDX files of another set, or of another size, are refused")
  func otherSets() throws {
    let (images, labels) = (try committed(imagesName), try committed(labelsName))
    var bright = images
    bright[16 + 64] = 17
    var ten = labels
    ten[8] = 10
    let most = UInt32.max
    let sets: [(Data, Data)] = [
      (idx([10, 8, 8], body: 640), idx([10], body: 10)),
      (idx([1797, 8, 8], body: 1797 * 64), idx([1796], body: 1796)),
      (idx([1796, 8, 8], body: 1796 * 64), idx([1796], body: 1796)),
      (idx([1797, 4, 16], body: 1797 * 64), labels),
      (idx([1797, 28, 28], body: 1797 * 784), labels),
      (idx([1797, 0, 8], body: 0), labels),
      (idx([0, 8, 8], body: 0), idx([0], body: 0)),
      // Sizes of which no image vouches.
      (idx([0, most, most], body: 0), idx([0], body: 0)),
      (bright, labels), (images, ten), (labels, images), (images, images),
    ]
    for (images, labels) in sets {
      let error = try failure(naming: folder.path) { _ = try load(images: images, labels: labels) }
      #expect(error.status == .inputIsNotWhatItClaims)
    }
    #expect(try load(images: images, labels: labels).labels.count == 1797)
  }

  @Test("images and labels of any set have to be equally many, and some")
  func imageSet() throws {
    func set(_ images: [UInt32], _ body: Int, labels: Int?) throws -> ImageSet {
      try ImageSet(
        images: IDX(idx(images, body: body), name: "x", dimensions: 3),
        labels: labels.map { IDX(dimensions: [$0], bytes: Array(repeating: 0, count: $0)) },
        name: "some set")
    }
    let pair = try set([2, 3, 5], 30, labels: 2)
    #expect(pair.levels.map(\.count) == [15, 15] && pair.labels == [0, 0])
    #expect(try set([2, 3, 5], 30, labels: nil).labels.isEmpty)
    #expect(try set([2, 3, 5], 30, labels: nil)[1..<2].levels.count == 1)
    #expect(pair[1..<2].labels == [0])
    let most = UInt32.max
    for (sizes, body, labels, complaint) in [
      ([2, 3, 5], 30, 3, "2 images but 3 labels"), ([2, 3, 5], 30, 0, "2 images but 0 labels"),
      ([0, 3, 5], 0, 0, "no images"), ([0, most, most], 0, nil, "no images"),
      ([7, 0, 5], 0, 7, "without pixels"), ([7, most, 0], 0, nil, "without pixels"),
      ([1, 65537, 1], 65537, 1, "65537 × 1 pixels: at most 65536"),
    ] as [([UInt32], Int, Int?, String)] {
      let error = try failure(naming: "some set") { _ = try set(sizes, body, labels: labels) }
      #expect(error.status == .inputIsNotWhatItClaims)
      #expect(error.message.contains(complaint), "\(error.message)")
    }
  }

  @Test("a folder that lacks a file")
  func missing() throws {
    let empty = try failure(naming: imagesName) { _ = try Digits.load(from: folder.path) }
    #expect(empty.status == .inputCannotBeRead)
    _ = try folder.write(try committed(imagesName), imagesName)
    let half = try failure(naming: labelsName) { _ = try Digits.load(from: folder.path) }
    #expect(half.status == .inputCannotBeRead)
  }
}
