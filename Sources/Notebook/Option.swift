/// An option of the command line, with its type: `--epochs N`. A chapter declares its own as constants
/// and reads them back as `notebook[epochs]`.
public struct Option<Value: Sendable>: AnyOption {
  public let name: String
  /// What stands for the value in `--help`; nil for a switch, which takes none.
  public let placeholder: String?
  public let help: String
  let standard: Value
  /// The value, or what would have been right.
  let parse: @Sendable (String) -> Parsed<Value>

  public func read(_ text: String) throws(Failure) -> any Sendable {
    switch parse(text) {
    case .value(let value): return value
    case .expected(let expectation):
      throw Failure(.wrongCommandLine, "--\(name) takes \(expectation), not '\(text)'")
    }
  }
}

enum Parsed<Value> {
  case value(Value)
  case expected(String)
}

/// An option whose value's type does not matter.
public protocol AnyOption: Sendable {
  var name: String { get }
  var placeholder: String? { get }
  var help: String { get }
  /// The value that `text` stands for.
  func read(_ text: String) throws(Failure) -> any Sendable
}

extension Option {
  /// A whole number within a range.
  public static func integer(
    _ name: String, _ placeholder: String = "N", in range: ClosedRange<Int>, default standard: Int,
    help: String
  ) -> Option where Value == Int {
    Option(name: name, placeholder: placeholder, help: help, standard: standard) { text in
      guard let value = Int(text), range.contains(value) else {
        return .expected("a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return .value(value)
    }
  }

  /// A few whole numbers within a range, with commas between them.
  public static func integers(
    _ name: String, _ placeholder: String, in range: ClosedRange<Int>, atMost count: Int,
    default standard: [Int], help: String
  ) -> Option where Value == [Int] {
    Option(name: name, placeholder: placeholder, help: help, standard: standard) { text in
      let words = text.split(separator: ",", omittingEmptySubsequences: false)
      let values = words.compactMap { Int($0) }
      guard values.count == words.count, values.count <= count,
        values.allSatisfy(range.contains)
      else {
        return .expected(
          "up to \(count) whole numbers from \(range.lowerBound) to \(range.upperBound), with commas"
        )
      }
      return .value(values)
    }
  }

  /// A finite number within a range.
  public static func number(
    _ name: String, _ placeholder: String = "X", in range: ClosedRange<Double>,
    default standard: Double, help: String
  ) -> Option where Value == Double {
    Option(name: name, placeholder: placeholder, help: help, standard: standard) { text in
      guard let value = Double(text), range.contains(value) else {
        return .expected("a number from \(range.lowerBound) to \(range.upperBound)")
      }
      return .value(value)
    }
  }

  /// One of a few words.
  public static func choice(
    _ name: String, _ placeholder: String, of words: [String], default standard: String,
    help: String
  ) -> Option where Value == String {
    Option(name: name, placeholder: placeholder, help: help, standard: standard) { text in
      words.contains(text) ? .value(text) : .expected("one of " + words.joined(separator: ", "))
    }
  }

  /// A path, or nothing.
  public static func path(
    _ name: String, _ placeholder: String, help: String
  ) -> Option where Value == String? {
    Option(name: name, placeholder: placeholder, help: help, standard: nil) { text in
      text.isEmpty || text.contains("\0") ? .expected("a path") : .value(text)
    }
  }

  /// An option that is there or is not.
  public static func flag(_ name: String, help: String) -> Option where Value == Bool {
    Option(name: name, placeholder: nil, help: help, standard: false) { _ in .value(true) }
  }
}

/// The options that every chapter understands.
enum CommonOption {
  static let seed = Option<UInt64>(
    name: "seed", placeholder: "K", help: "seed of everything random (default 1)", standard: 1
  ) { text in
    UInt64(text).map { .value($0) } ?? .expected("a whole number from 0 to \(UInt64.max)")
  }
  static let samples = Option<Int?>(
    name: "samples", placeholder: "N",
    help: "draws of each Monte Carlo check (default: enough for what the check promises)",
    standard: nil
  ) { text in
    let range = 2...1_000_000_000
    guard let value = Int(text), range.contains(value) else {
      return .expected("a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return .value(value)
  }
  static let json = Option.flag("json", help: "print every check as data, and nothing else")
  static let figures = Option.path(
    "figures", "DIR", help: "write the chapter's figures into DIR, as SVG")
  static let help = Option.flag("help", help: "print this text; -h for short")

  static let all: [any AnyOption] = [seed, samples, json, figures, help]
}
