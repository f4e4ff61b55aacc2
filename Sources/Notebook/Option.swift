/// A value that a reader gives, with its type: `--epochs N` of a command line, or the `x` of
/// `--set x=0.4`. A chapter declares its own as constants and reads them back as
/// `notebook[epochs]`.
public struct Option<Value: Sendable>: AnyOption {
  public let name: String
  /// What stands for the value in `--help`; nil for a switch, which takes none.
  public let placeholder: String?
  public let help: String
  public let domain: Domain
  public let standard: Value
  /// Whether it may be given several times, each adding to the value before.
  public var isRepeated = false
  /// The value, or nil where the text does not stand for one.
  let parse: @Sendable (String) -> Value?
  /// The text that stands for a value.
  let spell: @Sendable (Value) -> String

  public func value(of text: String) -> (any Sendable)? { parse(text) }
  public var standardText: String { spell(standard) }
}

/// What an option takes.
public enum Domain: Sendable, Equatable {
  case number(ClosedRange<Double>)
  case integer(ClosedRange<Int>)
  case numbers(ClosedRange<Double>, count: ClosedRange<Int>)
  case integers(ClosedRange<Int>, count: ClosedRange<Int>)
  /// Numbers that add up to one.
  case distribution(ClosedRange<Double>, count: ClosedRange<Int>)
  case choice([String])
  case flag
  /// What else there is, in words.
  case other(String)

  /// "a number from 0.5 to 2.0".
  public var words: String {
    func some(_ count: ClosedRange<Int>) -> String {
      count.lowerBound == count.upperBound
        ? "\(count.lowerBound)"
        : count.lowerBound <= 1
          ? "up to \(count.upperBound)" : "\(count.lowerBound) to \(count.upperBound)"
    }
    switch self {
    case .number(let range): return "a number from \(range.lowerBound) to \(range.upperBound)"
    case .integer(let range):
      return "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .numbers(let range, let count):
      return "\(some(count)) numbers from \(range.lowerBound) to \(range.upperBound), with commas"
    case .integers(let range, let count):
      return
        "\(some(count)) whole numbers from \(range.lowerBound) to \(range.upperBound), with commas"
    case .distribution(let range, let count):
      return "\(some(count)) numbers from \(range.lowerBound) to \(range.upperBound) that add up "
        + "to 1, with commas"
    case .choice(let words): return "one of " + words.joined(separator: ", ")
    case .flag: return "nothing"
    case .other(let words): return words
    }
  }
}

/// An option whose value's type does not matter.
public protocol AnyOption: Sendable {
  var name: String { get }
  var placeholder: String? { get }
  var help: String { get }
  var domain: Domain { get }
  var isRepeated: Bool { get }
  /// The text that stands for the default.
  var standardText: String { get }
  /// The value that `text` stands for, or nil.
  func value(of text: String) -> (any Sendable)?
}

extension AnyOption {
  public var isRepeated: Bool { false }

  /// The value that `text` stands for; `spelled` is how the reader names the option.
  func read(_ text: String, as spelled: String) throws(Failure) -> any Sendable {
    guard let value = value(of: text) else {
      throw Failure(.wrongCommandLine, "\(spelled) takes \(domain.words), not '\(text)'")
    }
    return value
  }
}
