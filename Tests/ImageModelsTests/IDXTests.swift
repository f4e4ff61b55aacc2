import Foundation
import Notebook
import TestSupport
import Testing
import TinyNumerics

@testable import ImageModels

@Suite("IDX files")
struct IDXTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ path: String, dimensions: Int = 3) throws -> IDX {
    try IDX(contentsOf: path, dimensions: dimensions)
  }

  /// Read from the bytes with Python, not with this reader:
  ///     d = open('digits-images-idx3-ubyte', 'rb').read()[16:]; list(d[64 * i:64 * i + 64]);
  ///     sum(d)
  @Test("the images that come with the chapter")
  func images() throws {
    let images = try read(digitsFolder + "/" + imagesName)
    #expect(images.dimensions == [1797, 8, 8])
    #expect(images.bytes.count == 1797 * 64)
    #expect(images.bytes.reduce(0) { $0 + Int($1) } == 561_718)
    #expect(images.bytes.max() == 16)
    #expect(
      Array(images.bytes.prefix(24))
        == [0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0, 0, 3, 15, 2, 0, 11, 8, 0])
    #expect(Array(images.bytes[1500 * 64..<1500 * 64 + 8]) == [0, 0, 0, 3, 12, 12, 2, 0])
    #expect(Array(images.bytes.suffix(8)) == [0, 1, 8, 12, 14, 12, 1, 0])
  }

  /// Likewise: `l = open('digits-labels-idx1-ubyte', 'rb').read()[8:]; [l.count(k) for k in
  /// range(10)]`
  @Test("the labels that come with the chapter")
  func labels() throws {
    let labels = try read(digitsFolder + "/" + labelsName, dimensions: 1)
    #expect(labels.dimensions == [1797])
    let counts = (0..<10).map { digit in labels.bytes.count { $0 == digit } }
    #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    #expect(Array(labels.bytes[1500..<1510]) == [1, 7, 4, 6, 3, 1, 3, 9, 1, 7])
    #expect(Array(labels.bytes.suffix(5)) == [9, 0, 8, 9, 8])
  }

  @Test("sizes are big-endian; a set may be empty")
  func sizes() throws {
    let wide = try IDX(idx([1, 258], body: 258), name: "x", dimensions: 2)
    #expect(wide.dimensions == [1, 258])
    let empty = try IDX(idx([0, 28, 28], body: 0), name: "x", dimensions: 3)
    #expect(empty.dimensions == [0, 28, 28] && empty.bytes.isEmpty)
    // A slice of a larger `Data` does not start at index 0.
    let slice = (Data(count: 5) + idx([2], body: 0) + Data([7, 9])).dropFirst(5)
    #expect(try IDX(slice, name: "x", dimensions: 1).bytes == [7, 9])
  }

  @Test("a link to a file is followed")
  func link() throws {
    let link = folder.path + "/link"
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: digitsFolder + "/" + labelsName)
    #expect(try read(link, dimensions: 1).dimensions == [1797])
  }

  @Test("what is no file: status 66, and nothing is waited for", .timeLimit(.minutes(1)))
  func noFile() throws {
    let (pipe, dangling, loop) = (folder.path + "/pipe", folder.path + "/d", folder.path + "/loop")
    #expect(mkfifo(pipe, 0o600) == 0)
    let files = FileManager.default
    try files.createSymbolicLink(atPath: dangling, withDestinationPath: "nowhere")
    try files.createSymbolicLink(atPath: loop, withDestinationPath: "loop")
    let paths = [
      folder.path, folder.path + "/missing", folder.path + "/missing/x", pipe, dangling, loop, "",
      "/dev/zero", "/dev/null", digitsFolder + "/" + imagesName + "/x",
    ]
    for path in paths {
      let error = try failure(naming: path) { _ = try read(path) }
      #expect(error.status == .inputCannotBeRead, "\(path)")
    }
  }

  /// Permissions do not bind root.
  @Test("a file without permission", .enabled(if: getuid() != 0))
  func permission() throws {
    let path = try folder.write(idx([1], body: 1), "secret")
    try FileManager.default.setAttributes([.posixPermissions: 0o000], ofItemAtPath: path)
    let error = try failure(naming: path) { _ = try read(path, dimensions: 1) }
    #expect(error.status == .inputCannotBeRead)
  }

  @Test("a file larger than any that is read is not opened")
  func tooLarge() throws {
    let path = try folder.write(idx([1], body: 1), "sparse")
    #expect(truncate(path, off_t(IDX.limit) + 1) == 0)
    let error = try failure(naming: path) { _ = try read(path, dimensions: 1) }
    #expect(error.status == .inputIsNotWhatItClaims)
    #expect(error.message.contains("1073741825 bytes"))
  }

  private func damage(_ data: Data, dimensions: Int = 3) throws -> String {
    let path = try folder.write(data, "damaged")
    let error = try failure(naming: path) { _ = try read(path, dimensions: dimensions) }
    #expect(error.status == .inputIsNotWhatItClaims)
    return error.message
  }

  @Test("cut at every byte of the header, and anywhere in the body")
  func truncated() throws {
    let whole = try committed(imagesName)
    for length in 0..<16 {
      let message = try damage(whole.prefix(length))
      #expect(message.contains("ends inside its header (\(length) of 16 bytes)"))
    }
    var generator = Threefry(seed: 1)
    let lengths = (0..<50).map { _ in Int.random(in: 16..<whole.count, using: &generator) }
    for length in [16, whole.count - 1] + lengths {
      let message = try damage(whole.prefix(length))
      #expect(message.contains("promises 115008 bytes after its header but has \(length - 16)"))
    }
  }

  @Test("longer than promised")
  func overlong() throws {
    let whole = try committed(imagesName)
    for extra in [1, 64, 100_000] {
      let message = try damage(whole + Data(count: extra))
      #expect(message.contains("promises 115008 bytes after its header but has \(115_008 + extra)"))
    }
  }

  @Test("another magic number, another number type, another number of dimensions")
  func magic() throws {
    let whole = try committed(imagesName)
    let strange = "where 00000803 is expected"
    for (place, byte, fault) in [
      (0, 1, strange), (1, 255, strange), (2, 0, strange), (2, 0x0a, strange),
      (2, 0x09, "holds signed bytes"), (2, 0x0b, "holds 16-bit integers"),
      (2, 0x0c, "holds 32-bit integers"), (2, 0x0d, "holds 32-bit floats"),
      (2, 0x0e, "holds 64-bit floats"), (3, 1, "has 1 dimension, as labels have"),
      (3, 2, "x.reshape(-1, rows, columns)"), (3, 4, "4 dimensions where images have 3: colour?"),
      (3, 0, "has 0 dimensions"), (3, 255, "has 255 dimensions"),
    ] {
      var data = whole
      data[place] = UInt8(byte)
      #expect(try damage(data).contains(fault))
    }
    #expect(try damage(whole, dimensions: 1).contains("3 dimensions, as images have, where labels"))
    #expect(try damage(idx([4, 10], body: 40), dimensions: 1).contains("one-hot?"))
    // The first bytes of a compressed file, and nothing that can be unpacked.
    #expect(
      try damage(Data([0x1f, 0x8b, 8, 0]) + Data(count: 60)).contains("not a whole gzip file"))
  }

  @Test(
    "files of other kinds are named, and what to do with them",
    arguments: [
      ("PK\u{3}\u{4}", "a zip archive", "unpack"), ("BZh91AY", "bzip2", "unpack"),
      ("<!DOCTYPE html>", "a web page", "fetch the file itself"), ("<html>", "a web page", "fetch"),
      ("version https://git-lfs", "a pointer of Git LFS", "git lfs pull"),
      ("\u{93}NUMPY", "a NumPy array", "write its arrays as IDX"),
      ("\u{89}PNG\r\n", "a PNG image", "write"), ("\u{ff}\u{d8}\u{ff}", "a JPEG image", "write"),
    ])
  func otherKinds(start: String, kind: String, remedy: String) throws {
    let message = try damage(Data(start.unicodeScalars.map { UInt8($0.value) }) + Data(count: 40))
    #expect(message.contains("is ") && message.contains(kind) && message.contains(remedy))
  }

  @Test("labels in every number type are read, where they are whole numbers from 0 to 255")
  func labelTypes() throws {
    func file(_ code: UInt8, _ numbers: [[UInt8]]) -> Data {
      Data([0, 0, code, 1, 0, 0, 0, UInt8(numbers.count)] + numbers.flatMap { $0 })
    }
    func big<T: FixedWidthInteger>(_ number: T) -> [UInt8] {
      withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
    for (code, numbers) in [
      (0x09, [big(Int8(0)), big(Int8(7))]), (0x0b, [big(Int16(0)), big(Int16(7))]),
      (0x0c, [big(Int32(0)), big(Int32(7))]),
      (0x0d, [big(Float(0).bitPattern), big(Float(7).bitPattern)]),
      (0x0e, [big(0.0.bitPattern), big(7.0.bitPattern)]),
    ] as [(UInt8, [[UInt8]])] {
      let labels = try IDX(file(code, numbers), name: "x", dimensions: 1)
      #expect(labels.dimensions == [2] && labels.bytes == [0, 7])
    }
    for (code, number) in [
      (0x09, big(Int8(-1))), (0x0b, big(Int16(256))), (0x0c, big(Int32(-5))),
      (0x0d, big(Float(0.5).bitPattern)), (0x0e, big(Double.nan.bitPattern)),
    ] as [(UInt8, [UInt8])] {
      #expect(try damage(file(code, [number]), dimensions: 1).contains("whole numbers from 0"))
    }
    #expect(try damage(file(0x0c, [[0, 0, 0]]), dimensions: 1).contains("promises 4 bytes"))
  }

  @Test("a header that promises terabytes, or more than can be counted")
  func terabytes() throws {
    let most = UInt32.max
    for sizes in [
      [most, most, most], [most, most, 1], [most, 1, 1], [0x8000_0000, 2, 0x8000_0000],
    ] {
      #expect(try damage(idx(sizes, body: 64)).contains("promises"))
    }
    #expect(
      try damage(idx([65536, 65536, 1024], body: 64)).contains("promises 4398046511104 bytes"))
    #expect(
      try damage(Data([0, 0, 8, 3, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0]) + Data(count: 24))
        .contains("little-endian"))
    #expect(try damage(idx([most], body: 9), dimensions: 1).contains("promises 4294967295 bytes"))
  }

  @Test("10,000 randomly damaged copies: a whole array or a clear refusal, never a trap")
  func damaged() throws {
    var generator = Threefry(seed: 6)
    // The first 20 images: 10,000 copies of all would take their time.
    let images =
      idx([20, 8, 8], body: 0) + (try committed(imagesName)).dropFirst(16).prefix(20 * 64)
    let whole = [images, try committed(labelsName)]
    var refused = 0
    for round in 0..<10_000 {
      let dimensions = round % 2 == 0 ? 3 : 1
      let data = damagedCopy(of: whole[round % 2], using: &generator)
      // Every tenth goes through a file.
      let path = round % 10 < 2 ? try folder.write(data, "copy") : "copy"
      do {
        let array =
          round % 10 < 2
          ? try IDX(contentsOf: path, dimensions: dimensions)
          : try IDX(data, name: path, dimensions: dimensions)
        #expect(array.dimensions.count == dimensions)
        // Labels may be of other types.
        if data[2] == 8 { #expect(array.encoded == data) }
      } catch {
        refused += 1
        let tidy =
          error.status == .inputIsNotWhatItClaims && error.message.contains(path)
          && saysWhatHelps(error.message) && !error.message.contains("\n")
        if !tidy { Issue.record("\(error.message)") }
      }
    }
    // A flipped bit in the body is no damage that the format can show.
    #expect(refused > 5000 && refused < 10_000)
  }

  @Test("300 damaged copies of all the images, in memory")
  func damagedWhole() throws {
    var generator = Threefry(seed: 7)
    let whole = try committed(imagesName)
    for _ in 0..<300 {
      let data = damagedCopy(of: whole, using: &generator)
      do {
        let array = try IDX(data, name: "copy", dimensions: 3)
        #expect(array.bytes.count == array.dimensions.reduce(1, *))
      } catch {
        #expect(error.status == .inputIsNotWhatItClaims && error.message.hasPrefix("copy "))
      }
    }
  }

  @Test("what is written is read back, and is what the format says")
  func written() throws {
    let pair = IDX(images: [0, 0.5, 1, 0.25, -1, 2, .nan, .infinity], rows: 2, columns: 2)
    // 127.5 and 63.75 are rounded; what is outside, or no number, is black or white.
    #expect(
      Array(pair.encoded)
        == [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2] + [0, 128, 255, 64, 0, 255, 0, 255])
    try pair.write(to: folder.path + "/pair")
    #expect(try read(folder.path + "/pair") == pair)
    var generator = Threefry(seed: 8)
    for sizes in [[], [0], [300], [2, 70_000], [3, 5, 7], [0, 4, 4], [2, 1, 3, 2]] {
      let bytes = (0..<sizes.reduce(1, *)).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let array = IDX(dimensions: sizes, bytes: bytes)
      #expect(try IDX(array.encoded, name: "x", dimensions: sizes.count) == array)
    }
    // The committed file, to the byte.
    let whole = try committed(imagesName)
    #expect(try IDX(whole, name: "x", dimensions: 3).encoded == whole)
  }

  @Test("what cannot be written: status 73, and nothing is destroyed")
  func unwritable() throws {
    let array = IDX(images: [0, 1], rows: 1, columns: 1)
    let link = folder.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "target")
    for path in [folder.path, link, folder.path + "/no/x", folder.path + "/x.gz", "/proc/x", ""] {
      let error = try failure(naming: path) { try array.write(to: path) }
      #expect(error.status == .outputCannotBeCreated)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["link"])
  }
}
