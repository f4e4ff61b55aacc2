import Foundation
import Notebook
import TestSupport
import Testing
import TinyNumerics

@testable import ImageModels

@Suite("Compressed files")
struct GzipTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// 20 digits, compressed by the system's gzip.
  private func compressed() throws -> (array: IDX, bytes: Data) {
    let levels = Array(try committed(imagesName).dropFirst(16).prefix(20 * 64))
    let array = IDX(dimensions: [20, 8, 8], bytes: levels)
    return (array, try gzip(array.encoded, in: folder))
  }

  /// A program that stands in for gzip.
  private func program(_ script: String) throws -> Gzip {
    let bin = folder.path + "/bin"
    try? FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: false)
    let path = try folder.write(Data("#!/bin/sh\n\(script)\n".utf8), "bin/gzip")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return Gzip(searchPath: bin)
  }

  @Test("what was compressed is read, whatever the file is called, wherever a link leads")
  func roundTrip() throws {
    let (array, bytes) = try compressed()
    for name in ["a.gz", "-dc.gz", "--help.gz", " .gz", "a b'\"$(x)*.gz", "ü\n.gz", ".gz"] {
      let path = try folder.write(bytes, name)
      #expect(try IDX(contentsOf: path, dimensions: 3) == array)
    }
    _ = try folder.write(bytes, "blob")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/link.gz", withDestinationPath: "blob")
    #expect(try IDX(contentsOf: folder.path + "/link.gz", dimensions: 3) == array)
    // Two members are one file to gzip: here the header and the rest.
    let header = try gzip(array.encoded.prefix(16), in: folder)
    let body = try gzip(array.encoded.dropFirst(16), in: folder)
    let path = try folder.write(header + body, "two.gz")
    #expect(try IDX(contentsOf: path, dimensions: 3) == array)
  }

  @Test("what is compressed shows in the first bytes, not in the name")
  func names() throws {
    let (array, bytes) = try compressed()
    #expect(try IDX(contentsOf: folder.write(bytes, "no-gz"), dimensions: 3) == array)
    #expect(try IDX(contentsOf: folder.write(array.encoded, "plain.gz"), dimensions: 3) == array)
  }

  @Test("no gzip, or one that cannot be run: status 66")
  func missing() throws {
    let path = try folder.write(try compressed().bytes, "a.gz")
    _ = try program("exit 0")
    let notAProgram = try folder.write(Data("nonsense".utf8), "gzip")
    for search in ["", ":", folder.path, "/nowhere:/dev/null", folder.path + "/bin/gzip"] {
      let error = try failure(naming: path) {
        _ = try IDX(contentsOf: path, dimensions: 3, gzip: Gzip(searchPath: search))
      }
      #expect(error.status == .inputCannotBeRead)
      #expect(error.message.contains("install gzip, or unpack the file"))
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: notAProgram)
    let error = try failure(naming: path) {
      _ = try IDX(contentsOf: path, dimensions: 3, gzip: Gzip(searchPath: folder.path))
    }
    #expect(error.message.contains("gzip"))
  }

  @Test("what is no file: status 66, and nothing is waited for", .timeLimit(.minutes(1)))
  func noFile() throws {
    let pipe = folder.path + "/pipe.gz"
    #expect(mkfifo(pipe, 0o600) == 0)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/zero.gz", withDestinationPath: "/dev/zero")
    for path in [pipe, folder.path + "/zero.gz", folder.path + "/none.gz"] {
      let error = try failure(naming: path) { _ = try IDX(contentsOf: path, dimensions: 3) }
      #expect(error.status == .inputCannotBeRead)
    }
  }

  @Test("not compressed, compressed otherwise, garbage behind it, another array in it")
  func wrong() throws {
    let (array, bytes) = try compressed()
    let short = IDX(dimensions: [3], bytes: [1, 2, 3])
    for (data, fault) in [
      (Data(), "ends inside its header (0 of 16 bytes)"),
      (Data("BZh91AY&SY".utf8), "compressed by bzip2"),
      (bytes.prefix(2), "not a whole gzip file"), (bytes.dropLast(9), "not a whole gzip file"),
      (bytes + Data("garbage".utf8), "not a whole gzip file"),
      (try gzip(bytes, in: folder), "starts with 1f8b0800"),
      (try gzip(Data(), in: folder), "ends inside its header (0 of 16 bytes)"),
      (try gzip(short.encoded, in: folder), "as labels have, where images have 3"),
      (
        try gzip(array.encoded.dropLast(), in: folder),
        "promises 1280 bytes after its header but has 1279"
      ),
      (try gzip(array.encoded + [0], in: folder), "unpacks to more than the 1296 bytes"),
    ] {
      let path = try folder.write(data, "wrong.gz")
      let error = try failure(naming: path) { _ = try IDX(contentsOf: path, dimensions: 3) }
      #expect(error.status == .inputIsNotWhatItClaims)
      #expect(error.message.contains(fault), "\(error.message)")
    }
  }

  /// 50 MB of zeros in 200 kB, and programs that never stop: gzip ends with the promise.
  @Test("bombs", .timeLimit(.minutes(1)))
  func bombs() throws {
    let zeros = try gzip(Data(count: 50_000_000), in: folder)
    let header = try gzip(idx([20, 8, 8], body: 0), in: folder)
    let most = try gzip(idx([.max, .max, .max], body: 100), in: folder)
    let large = try gzip(idx([1 << 20, 1 << 5, 1 << 5], body: 100), in: folder)
    for (data, fault) in [
      (zeros, "starts with 00000000"), (header + zeros, "unpacks to more than the 1296 bytes"),
      (most, "at most 1073741824 bytes"), (large, "at most 1073741824 bytes"),
    ] {
      let path = try folder.write(data, "bomb.gz")
      let clock = ContinuousClock()
      let time = try clock.measure {
        let error = try failure(naming: path) { _ = try IDX(contentsOf: path, dimensions: 3) }
        #expect(error.message.contains(fault), "\(error.message)")
      }
      // It takes milliseconds, on a machine that has nothing else to do.
      #expect(time < .seconds(10), "\(time)")
    }
  }

  @Test("programs that shout, never stop, or end badly after all is said", .timeLimit(.minutes(1)))
  func programs() throws {
    let (array, bytes) = try compressed()
    let path = try folder.write(bytes, "a.gz")
    let plain = try folder.write(array.encoded, "plain")
    let shout = try program("head -c 300000 /dev/zero >&2; cat \(plain)")
    #expect(try IDX(contentsOf: path, dimensions: 3, gzip: shout) == array)
    for (script, fault) in [
      ("cat /dev/zero", "starts with 00000000"),
      ("cat \(plain) /dev/zero", "unpacks to more than"),
      ("cat \(plain); exit 1", "not a whole gzip file"), ("cat \(plain); exit 2", "not a whole"),
      ("cat \(plain); kill -9 $$", "not a whole"), ("exit 0", "ends inside its header (0 of"),
    ] {
      let gzip = try program(script)
      let error = try failure(naming: path) {
        _ = try IDX(contentsOf: path, dimensions: 3, gzip: gzip)
      }
      #expect(error.status == .inputIsNotWhatItClaims)
      #expect(error.message.contains(fault), "\(error.message)")
    }
  }

  /// A checksum guards the contents, so what is taken is what was compressed.
  @Test("200 randomly damaged copies through gzip", .timeLimit(.minutes(1)))
  func damaged() throws {
    let (array, bytes) = try compressed()
    var generator = Threefry(seed: 3)
    var refused = 0
    for _ in 0..<200 {
      let path = try folder.write(damagedCopy(of: bytes, using: &generator), "copy.gz")
      do {
        #expect(try IDX(contentsOf: path, dimensions: 3) == array)
      } catch {
        refused += 1
        #expect(error.status == .inputIsNotWhatItClaims && error.message.contains(path))
        #expect(saysWhatHelps(error.message))
      }
    }
    #expect(refused > 100)
  }

  /// What gzip gives arrives in pieces of any size. Put together, it has to be judged as if it had
  /// come whole.
  @Test("10,000 streams in random pieces, damaged or not")
  func pieces() throws {
    var generator = Threefry(seed: 4)
    let whole = idx([3, 5, 4], body: 60)
    var taken = 0
    for _ in 0..<10_000 {
      let damage = Int.random(in: 0..<4, using: &generator) > 0
      let stream = damage ? damagedCopy(of: whole, using: &generator) : whole
      let direct = try? IDX(stream, name: "x", dimensions: 3)
      var (place, longest) = (0, 0)
      let largest = Int.random(in: 1...100, using: &generator)
      let collected: IDX?
      do {
        let data = try Gzip.collect("x", head: 16) { head throws(Failure) in
          #expect(head.count == 16)
          return try IDX.promise(head, name: "x", dimensions: 3)
        } pieces: {
          let size = min(Int.random(in: 1...largest, using: &generator), stream.count - place)
          longest = max(longest, size)
          place += size
          return stream[stream.startIndex + place - size..<stream.startIndex + place]
        }
        collected = try IDX(data, name: "x", dimensions: 3)
      } catch {
        #expect(error.status == .inputIsNotWhatItClaims)
        collected = nil
      }
      #expect(collected == direct)
      taken += collected == nil ? 0 : 1
    }
    #expect(taken > 2500 && taken < 9000)
  }
}
