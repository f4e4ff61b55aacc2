// The kinds of options, one function each.

extension Option {
  /// A whole number within a range.
  public static func integer(
    _ name: String, _ placeholder: String = "N", in range: ClosedRange<Int>, default standard: Int,
    help: String
  ) -> Option where Value == Int {
    Option(
      name: name, placeholder: placeholder, help: help, domain: .integer(range), standard: standard,
      parse: { text in Int(text).flatMap { range.contains($0) ? $0 : nil } }, spell: { "\($0)" })
  }

  /// A few whole numbers within a range, with commas between them.
  public static func integers(
    _ name: String, _ placeholder: String, in range: ClosedRange<Int>, atMost count: Int,
    default standard: [Int], help: String
  ) -> Option where Value == [Int] {
    Option(
      name: name, placeholder: placeholder, help: help, domain: .integers(range, count: 1...count),
      standard: standard, parse: { list($0, 1...count) { Int($0) }.within(range) },
      spell: { $0.map { "\($0)" }.joined(separator: ",") })
  }

  /// A finite number within a range.
  public static func number(
    _ name: String, _ placeholder: String = "X", in range: ClosedRange<Double>,
    default standard: Double, help: String
  ) -> Option where Value == Double {
    Option(
      name: name, placeholder: placeholder, help: help, domain: .number(range), standard: standard,
      parse: { text in Double(text).flatMap { range.contains($0) ? $0 : nil } }, spell: { "\($0)" })
  }

  /// A few finite numbers within a range, with commas between them: a point, a list of widths.
  public static func numbers(
    _ name: String, _ placeholder: String = "X,…", in range: ClosedRange<Double>,
    count: ClosedRange<Int>, default standard: [Double], help: String
  ) -> Option where Value == [Double] {
    Option(
      name: name, placeholder: placeholder, help: help, domain: .numbers(range, count: count),
      standard: standard, parse: { list($0, count) { Double($0) }.within(range) },
      spell: { $0.map { "\($0)" }.joined(separator: ",") })
  }

  /// A distribution over a few outcomes: numbers within a range that add up to 1. What rounding
  /// leaves of a sum of one, up to 1e-6, is divided away.
  public static func distribution(
    _ name: String, _ placeholder: String = "P,…", in range: ClosedRange<Double> = 0...1,
    count: ClosedRange<Int>, default standard: [Double], help: String
  ) -> Option where Value == [Double] {
    Option(
      name: name, placeholder: placeholder, help: help, domain: .distribution(range, count: count),
      standard: standard,
      parse: { text in
        guard let values = list(text, count, { Double($0) }).within(range) else { return nil }
        let sum = values.reduce(0, +)
        guard abs(sum - 1) <= 1e-6 else { return nil }
        return sum == 1 ? values : values.map { $0 / sum }
      },
      spell: { $0.map { "\($0)" }.joined(separator: ",") })
  }

  /// One of a few words.
  public static func choice(
    _ name: String, _ placeholder: String, of words: [String], default standard: String,
    help: String
  ) -> Option where Value == String {
    Option(
      name: name, placeholder: placeholder, help: help, domain: .choice(words), standard: standard,
      parse: { words.contains($0) ? $0 : nil }, spell: { $0 })
  }

  /// A path, or nothing.
  public static func path(
    _ name: String, _ placeholder: String, help: String
  ) -> Option where Value == String? {
    Option(
      name: name, placeholder: placeholder, help: help, domain: .other("a path"), standard: nil,
      parse: { $0.isEmpty || $0.contains("\0") ? nil : .some($0) }, spell: { $0 ?? "" })
  }

  /// An option that is there or is not.
  public static func flag(_ name: String, help: String) -> Option where Value == Bool {
    Option(
      name: name, placeholder: nil, help: help, domain: .flag, standard: false,
      parse: { _ in true }, spell: { "\($0)" })
  }
}

/// The values between commas; nil where there are too few or too many, or one is no value.
private func list<Value>(
  _ text: String, _ count: ClosedRange<Int>, _ read: (Substring) -> Value?
) -> [Value]? {
  let words = text.split(separator: ",", omittingEmptySubsequences: false)
  let values = words.compactMap(read)
  return values.count == words.count && count.contains(values.count) ? values : nil
}

extension Swift.Optional {
  /// The values, if all of them lie within a range.
  fileprivate func within<Value>(_ range: ClosedRange<Value>) -> [Value]? where Wrapped == [Value] {
    flatMap { $0.allSatisfy(range.contains) ? $0 : nil }
  }
}

/// The options that every chapter understands.
enum CommonOption {
  static let seed = Option<UInt64>(
    name: "seed", placeholder: "K", help: "seed of everything random (default 1)",
    domain: .other("a whole number from 0 to \(UInt64.max)"), standard: 1,
    parse: { UInt64($0) }, spell: { "\($0)" })
  static let samples = Option<Int?>(
    name: "samples", placeholder: "N",
    help: "draws of each Monte Carlo check (default: enough for what the check promises)",
    domain: .integer(2...1_000_000_000), standard: nil,
    parse: { text in
      guard let value = Int(text), (2...1_000_000_000).contains(value) else { return nil }
      return .some(value)
    },
    spell: { $0.map { "\($0)" } ?? "" })
  static let everything = Option.flag("all", help: "print every row in full")
  static let set = Option<[String]>(
    name: "set", placeholder: "name=value",
    help: "a number of your own for the rows that are named; may be given several times",
    domain: .other("name=value"), standard: [], isRepeated: true,
    parse: { $0.contains("=") && !$0.hasPrefix("=") ? [$0] : nil },
    spell: { $0.joined(separator: " ") })
  static let json = Option.flag("json", help: "print every check as data, and nothing else")
  static let figures = Option.path(
    "figures", "DIR", help: "write the chapter's figures into DIR, as SVG")
  static let help = Option.flag("help", help: "print this text; -h for short")

  static let all: [any AnyOption] = [seed, samples, everything, set, json, figures, help]
}
