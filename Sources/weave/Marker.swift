/// What a source cell asks for: "Sources/chapter3/Bound.swift, elbo(at:guide:), body", or of a
/// Python script "chapters/peers/read_model.py, whole file".
struct SourceMarker: Equatable {
  enum Target: Equatable {
    case declaration(String)
    case wholeFile
  }

  let path: String
  let target: Target
  var body = false

  init(_ text: String) throws(Complaint) {
    var parts = text.split(separator: ",", maxSplits: 1).map(\.trimmed)
    guard parts.count == 2, SourceMarker.isSwift(parts[0]) || SourceMarker.isPython(parts[0]),
      !parts[0].split(separator: "/").contains("..")
    else {
      throw Complaint(
        "a source marker reads: source: Sources/chapter3/Bound.swift, name; or: source: "
          + "chapters/peers/peers.py, whole file")
    }
    if let short = parts[1].wholeMatch(of: /(.*),\s*body/) {
      body = true
      parts[1] = short.1.trimmed
    }
    path = parts[0]
    if parts[1] == "whole file" {
      target = .wholeFile
    } else if SourceMarker.isSwift(path) {
      target = .declaration(parts[1])
    } else {
      throw Complaint("of a Python script quote the whole file, not \(parts[1])")
    }
  }

  private static func isSwift(_ path: String) -> Bool {
    path.hasPrefix("Sources/") && path.hasSuffix(".swift")
  }

  private static func isPython(_ path: String) -> Bool {
    path.hasPrefix("chapters/peers/") && path.hasSuffix(".py")
  }

  /// The lines of `source` that are meant.
  func quote(from source: String) throws(Complaint) -> [String] {
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let found = try declaration(in: source) else {
      return deindented(Array(lines.dropLast(lines.last == "" ? 1 : 0)))
    }
    return deindented((body ? found.body : Array(found.lines)).map { lines[$0] })
  }

  /// The declaration that is meant; nil for a whole file.
  func declaration(in source: String) throws(Complaint) -> Declaration? {
    guard case .declaration(let name) = target else { return nil }
    return try DeclarationReader(Code(source)).declaration(name)
  }
}

/// How far a number may lie from the one that the chapter prints, beyond its last digit.
enum Tolerance: Equatable {
  case relative(Double)
  case absolute(Double)

  /// "5%" or "0.02".
  init(_ text: String) throws(Complaint) {
    let digits = text.hasSuffix("%") ? text.dropLast().trimmed : text
    guard let value = Double(digits), value >= 0, value.isFinite else {
      throw Complaint("\"within \(text)\" is no tolerance: write within 5% or within 0.02")
    }
    self = text.hasSuffix("%") ? .relative(value / 100) : .absolute(value)
  }

  func allowance(at value: Double) -> Double {
    switch self {
    case .relative(let share): share * abs(value)
    case .absolute(let distance): distance
    }
  }
}

/// What an output cell asks for: "3.7, table 1, rows 1-4, within 5%".
struct OutputMarker: Equatable {
  enum Selection: Equatable {
    case table(Int)
    case checks
    case check(row: String?, number: Int?, words: String)
    case block(String)
  }

  let section: Label
  let selection: Selection
  private(set) var rows: ClosedRange<Int>?
  private(set) var tolerance: Tolerance?

  init(_ text: String) throws(Complaint) {
    // Commas inside quotation marks separate nothing.
    let quoted = text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
    let safe = quoted.map { $0 % 2 == 1 ? String($1).replacing(",", with: "\0") : String($1) }
    var parts = safe.joined(separator: "\"").split(separator: ",").map {
      $0.replacing("\0", with: ",").trimmed
    }
    guard parts.count >= 2, let label = Label(parts.removeFirst()) else {
      throw Complaint(
        "an output marker reads: output: 3.7, table 1 (or checks, check 3.7, block \"words\")")
    }
    section = label
    selection = try OutputMarker.selection(parts.removeFirst())
    for part in parts {
      if let range = part.wholeMatch(of: /rows\s+(\d+)(?:\s*[-–]\s*(\d+))?/),
        let first = Int(range.1), let last = Int(range.2 ?? range.1), first >= 1, first <= last
      {
        rows = first...last
      } else if part.hasPrefix("within ") {
        tolerance = try Tolerance(part.dropFirst("within ".count).trimmed)
      } else {
        throw Complaint("\"\(part)\" is no option of a cell: write within 5% or rows 1-4")
      }
    }
  }

  private static func selection(_ text: String) throws(Complaint) -> Selection {
    if text == "checks" { return .checks }
    if let table = text.wholeMatch(of: /table(?:\s+(\d+))?/), let number = Int(table.1 ?? "1") {
      return .table(number)
    }
    if let check = text.wholeMatch(of: /check(?:\s+([\d.T]+))?(?:\s+"(.*)")?(?:\s+#(\d{1,4}))?/),
      text != "check"
    {
      return .check(
        row: check.1.map { String($0) }, number: check.3.flatMap { Int($0) },
        words: String(check.2 ?? ""))
    }
    if let block = text.wholeMatch(of: /block\s+"(.+)"/) { return .block(String(block.1)) }
    throw Complaint(
      "\"\(text)\" selects nothing: write table 1, checks, check 3.7, check 3.7 #2, "
        + "check 3.7 \"words\" or block \"words\"")
  }
}
