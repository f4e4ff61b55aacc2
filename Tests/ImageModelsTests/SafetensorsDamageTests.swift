import Foundation
import Notebook
import TestSupport
import Testing
import TinyNumerics

@testable import ImageModels

/// One tensor of one number, rightly described but for a replacement.
private func one(_ old: String = "", _ new: String = "") -> String {
  #""x": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}"#.replacing(
    old.isEmpty ? "\0" : old, with: new)
}

/// That one, and another at another place.
private func two(_ offsets: String) -> String {
  one() + ", " + one("x", "y").replacing("0, 4", with: offsets)
}

private let wrongHeaders: [(String, String)] = [
  // Not the JSON object it should be.
  ("", "not a JSON object"), ("   ", "not a JSON object"), (" {}", "not a JSON object"),
  ("[]", "not a JSON object"), ("null", "not a JSON object"), ("{", "at byte 9"),
  ("{}x", "at byte 10"), ("{}\0", "at byte 10"), ("{\(one())", "at byte"),
  ("{\(one()),}", "at byte"),
  ("{,\(one())}", "at byte"), ("{\(one())}}", "at byte"), ("{\(one()) \(one())}", "at byte"),
  (#"{"x"}"#, "at byte 12"), (#"{"x": 1}"#, "at byte"), (#"{"x": null}"#, "at byte"),
  (#"{"x": []}"#, "at byte"), (#"{'x': {}}"#, "at byte"), (#"{x: {}}"#, "at byte 9"),
  // Keys.
  ("{\(one()), \(one())}", "names 'x' twice"),
  (#"{"a": {"dtype": "F32", "dtype": "F32"}}"#, "names 'dtype' twice"),
  (#"{"__metadata__": {"a": "1", "\u0061": "2"}}"#, "names 'a' twice"),
  (#"{"__metadata__": {}, "__metadata__": {}}"#, "names '__metadata__' twice"),
  (#"{"x": {}}"#, "does not say dtype"), (#"{"x": {"dtype": "F32"}}"#, "does not say dtype"),
  (#"{"x": {"dtype": "F32", "shape": [1]}}"#, "does not say dtype"),
  (#"{"x": {"colour": "red"}}"#, "says 'colour' of 'x'"),
  // Metadata is text to text.
  (#"{"__metadata__": {"a": 1}}"#, "at byte"), (#"{"__metadata__": {"a": {}}}"#, "at byte"),
  (#"{"__metadata__": null}"#, "at byte"), (#"{"__metadata__": "a"}"#, "at byte"),
  // Other types.
  (one("F32", "F64"), "has 'x' in 'F64' where only F32 is read"),
  (one("F32", "BF16"), "convert it, in PyTorch with tensor.float()"),
  (one("F32", "f32"), "where only F32"), (one("F32", ""), "in ''"),
  // Numbers.
  (one("[1]", "[1.0]"), "at byte"), (one("[1]", "[-1]"), "at byte"),
  (one("[1]", "[01]"), "at byte"), (one("[1]", "[1e0]"), "at byte"),
  (one("[1]", "[+1]"), "at byte"), (one("[1]", "[true]"), "at byte"),
  (one("[1]", "[\"1\"]"), "at byte"), (one("[1]", "1"), "at byte"),
  (one("[1]", "[[1]]"), "at byte"), (one("[1]", "[1,]"), "at byte"),
  (one("[1]", "[NaN]"), "at byte"), (one("[1]", "[0x1]"), "at byte"),
  (one("[1]", "[99999999999999999999]"), "too large to be true"),
  // Sizes: another, and ones whose product overflows, on the way or at the end.
  (one("[1]", "[2]"), "shape that is not"),
  (one("[1]", "[0]"), "shape that is not"),
  (one("[1]", "[9223372036854775807]"), "shape that is not"),
  (one("[1]", "[4294967296, 4294967296]"), "shape that is not"),
  (one("[1]", "[4611686018427387905]"), "shape that is not"),
  (one("[1]", "[9223372036854775807, 9, 0]"), "shape that is not"),
  // Places: backwards, elsewhere, too few, too many, out of the file, and the last number there is.
  (one("[0, 4]", "[4, 0]"), "shape that is not"),
  (one("[0, 4]", "[4, 8]"), "gap or an overlap before the numbers of 'x'"),
  (one("[0, 4]", "[0]"), "two data_offsets"),
  (one("[0, 4]", "[0, 4, 4]"), "two data_offsets"),
  (one("[0, 4]", "[0, 9223372036854775807]"), "shape that is not"),
  (one("[0, 4]", "[9223372036854775803, 9223372036854775807]"), "gap or an"),
  (two("0, 4"), "overlap before the numbers of"),
  (two("8, 12"), "gap or an"),
  (two("2, 6"), "gap or an"),
  (two("4, 8"), "promises 8 bytes"),
  ("{}", "promises 0 bytes of numbers but has 4"),
  // Strings.
  (#"{"\x": {}}"#, "at byte"), (#"{"\u12": {}}"#, "at byte"), (#"{"\ud83d": {}}"#, "at byte"),
  (#"{"\ude00": {}}"#, "at byte"), (#"{"\ud83d\u0041": {}}"#, "at byte"),
  (#"{"\ud83dA": {}}"#, "at byte"), (#"{"\u+041": {}}"#, "at byte"),
  (#"{"\u-041": {}}"#, "at byte"),
  ("{\"a\nb\": {}}", "at byte"), ("{\"a\u{0}\": {}}", "at byte"), (#"{"a"#, "at byte"),
  (#"{"a\"#, "at byte"),

]

@Suite("Damaged and hostile safetensors files")
struct SafetensorsDamageTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func complaint(_ data: Data) throws -> String {
    let error = try failure(naming: "some model") {
      _ = try Safetensors(parsing: data, name: "some model")
    }
    #expect(error.status == .inputIsNotWhatItClaims)
    #expect(error.message.count < 600)
    return error.message
  }

  @Test("what other programs keep models in is named")
  func otherFormats() throws {
    for (start, kind) in [
      ([0x50, 0x4b, 0x03, 0x04], "a zip archive, as torch.save writes them"),
      ([0x80, 0x02], "a Python pickle"), ([0x89, 0x48, 0x44, 0x46], "an HDF5 file"),
    ] as [([UInt8], String)] {
      let data = Data(start) + Data(repeating: 7, count: 60)
      let error = try #require(throws: Failure.self) {
        _ = try Safetensors(parsing: data, name: "x")
      }
      #expect(error.message.contains(kind) && error.message.contains("save_file"))
    }
  }

  @Test("cut at every byte; longer than promised")
  func truncated() throws {
    for length in 0..<referenceFile.count {
      let message = try complaint(referenceFile.prefix(length))
      let fault =
        length < 8
        ? "has \(length) bytes, too few"
        : length < 336 ? "ends inside its header (\(length) of 336 bytes)" : "promises 40 bytes"
      #expect(message.contains(fault), "\(message)")
    }
    for extra in [1, 8, 100_000] {
      let message = try complaint(referenceFile + Data(count: extra))
      #expect(message.contains("promises 40 bytes of numbers but has \(40 + extra)"))
    }
  }

  @Test("headers that claim more than there is, or more than is read")
  func claims() throws {
    for claim in [0x10_0001, 1 << 31, 1 << 32, 1 << 62, 1 << 63, UInt64.max, UInt64.max - 7] {
      #expect(try complaint(safetensors("{}", length: claim)).contains("at most 1048576 are read"))
    }
    #expect(try complaint(safetensors("{}", length: 0x10_0000)).contains("ends inside its header"))
    // A pickled PyTorch model is a zip archive.
    #expect(try complaint(Data("PK\u{3}\u{4}0123456789".utf8)).contains("a zip archive"))
  }

  @Test("headers that are not what the format says", arguments: wrongHeaders)
  func headers(header: String, fault: String) throws {
    let object = header.hasPrefix("\"") ? "{\(header)}" : header
    let message = try complaint(safetensors(object, [1]))
    #expect(message.contains(fault), "\(header): \(message)")
  }

  @Test("bytes that are no text, and names that are no names")
  func text() throws {
    for bytes in [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]] {
      var data = safetensors(#"{"ABCD": {}}"#)
      data.replaceSubrange(10..<14, with: bytes.map { UInt8($0) })
      data[0] = UInt8(data.count - 8)
      #expect(try complaint(data).contains("not in UTF-8"))
    }
    for name in ["a\\nb", "\u{2028}", "\u{1b}[31m", String(repeating: "e\u{301}", count: 100_000)] {
      let header = #"{"\#(name.replacing("\u{1b}", with: "\\u001b"))": {}}"#
      let message = try complaint(safetensors(header))
      #expect(message.unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 0x20 || $0 == "…" })
    }
  }

  @Test("numbers that are not finite")
  func notFinite() throws {
    for value in [Float.nan, .signalingNaN, .infinity, -.infinity] {
      let message = try complaint(safetensors("{\(one())}", [value]))
      #expect(message.contains("has numbers in 'x' that are not finite"))
    }
  }

  /// A megabyte of header, the worst that is read, in ways that may take time or depth.
  @Test("deep, wide and repetitive headers are refused quickly")
  func slow() throws {
    let million = 1 << 20
    let metadata = (0..<70_000).map { "\"k\($0)\": \"\"" }.joined(separator: ",")
    let many = (0..<17_000).map {
      #""\#($0)":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}"#
    }.joined(separator: ",")
    let headers = [
      String(repeating: "{", count: million), String(repeating: "{\"a\":", count: million / 5),
      "{\"a\":" + String(repeating: "[", count: million - 5),
      "{" + String(repeating: " ", count: million - 1),
      "{\"" + String(repeating: "a", count: million - 2),
      "{\"" + String(repeating: "\\", count: million - 2),
      "{\"x\":{\"shape\":[" + String(repeating: "1,", count: million / 2 - 10),
      "{\"x\":{\"shape\":[" + String(repeating: "9", count: million - 20),
      "{\"__metadata__\":{\(metadata)}, \"x\": {}}", "{\(many), \"x\": {}}",
    ]
    for header in headers {
      #expect(header.utf8.count <= million)
      let clock = ContinuousClock()
      let time = try clock.measure { _ = try complaint(safetensors(header)) }
      // It takes a tenth of a second at most, on a machine that has nothing else to do.
      #expect(time < .seconds(10), "\(header.prefix(20))")
    }
  }

  @Test("a file larger than any that is read is not opened")
  func tooLarge() throws {
    let path = try folder.write(referenceFile, "sparse")
    #expect(truncate(path, off_t(Safetensors.limit) + 1) == 0)
    let error = try failure(naming: path) { _ = try Safetensors(contentsOf: path) }
    #expect(error.message.contains("1073741825 bytes"))
  }

  /// Whatever is taken has to be JSON to Foundation, too, and to survive being written and read
  /// again.
  @Test("12,000 randomly damaged copies: a whole model or a clear refusal, never a trap")
  func damaged() throws {
    var generator = Threefry(seed: 2)
    var taken = 0
    for round in 0..<12_000 {
      let data =
        round % 2 == 0
        ? damagedCopy(of: referenceFile, header: 336, using: &generator)
        : rewritten(using: &generator)
      do {
        let model = try Safetensors(parsing: data, name: "copy")
        taken += 1
        #expect(try Safetensors(parsing: model.encoded, name: "copy") == model)
        #expect(model.tensors.allSatisfy { $0.values.allSatisfy(\.isFinite) })
        let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let json = try JSONSerialization.jsonObject(with: data.dropFirst(8).prefix(length))
        let names = Set(try #require(json as? [String: Any]).keys).subtracting(["__metadata__"])
        #expect(names == Set(model.tensors.map(\.name)))
        let numbers = model.tensors.reduce(0) { $0 + $1.values.count }
        #expect(data.count == 8 + length + 4 * numbers)
      } catch let error as Failure {
        let tidy =
          error.status == .inputIsNotWhatItClaims && error.message.hasPrefix("copy ")
          && error.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
        if !tidy { Issue.record("\(error.message)") }
      }
    }
    // A flipped bit in a number or in a text is no damage that the format can show.
    #expect(taken > 500 && taken < 11_000, "\(taken)")
  }

  private static let tokens = [
    "{", "}", "[", "]", ",", ":", "\"", "\\", " ", "0", "1", "2", "3", "4", "24", "36", "40", "-1",
    "1.0",
    "4294967296", "9223372036854775807", "18446744073709551616", "true", "null", "[0,4]", "{}",
    "\"b\"", "\"__metadata__\"", "\"dtype\"", "\"F32\"", "\"F16\"", "\"shape\"", "\"data_offsets\"",
    "\\u0000",
    "\\ud83d", "é", "\0",
  ]

  /// The header of a good file, cut at its punctuation.
  private static let parts: [String] = {
    let header = String(decoding: referenceFile[8..<336], as: UTF8.self)
    var parts = [""]
    for character in header {
      if "{}[],:\"".contains(character) {
        parts += [String(character), ""]
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts
  }()

  /// The header with tokens replaced, put in or left out, and its length put right most of the
  /// time: damage that gets past the first look.
  private func rewritten(using generator: inout Threefry) -> Data {
    var parts = SafetensorsDamageTests.parts
    for _ in 0..<Int.random(in: 1...2, using: &generator) {
      let place = Int.random(in: 0..<parts.count, using: &generator)
      let token = SafetensorsDamageTests.tokens.randomElement(using: &generator)!
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: parts.remove(at: place)
      case 1: parts.insert(token, at: place)
      case 2: parts.swapAt(place, Int.random(in: 0..<parts.count, using: &generator))
      default: parts[place] = token
      }
    }
    let text = parts.joined()
    let off = Int.random(in: 0..<10, using: &generator) == 0 ? UInt64(text.utf8.count + 1) : nil
    return safetensors(text, length: off) + referenceFile[336...]
  }
}
