/// A row of the ledger, "3.7" or "3.T", or a run of rows, "3.1–3.6".
struct Label: Hashable, CustomStringConvertible {
  let chapter: Int
  let description: String
  /// Every row that is meant.
  let rows: [String]

  init?(_ text: some StringProtocol) {
    guard
      let match = text.trimmed.wholeMatch(
        of: /(\d{1,3})\.(\d{1,3}|T)(?:\s*[–-]\s*(\d+)\.(\d{1,3}))?/),
      let chapter = Int(match.1)
    else { return nil }
    self.chapter = chapter
    if let otherChapter = match.3, let end = match.4 {
      guard otherChapter == match.1, let first = Int(match.2), let last = Int(end), first < last
      else { return nil }
      description = "\(chapter).\(first)–\(chapter).\(last)"
      rows = (first...last).map { "\(chapter).\($0)" }
    } else {
      description = "\(chapter).\(match.2)"
      rows = [description]
    }
  }

  /// The label that a heading begins with.
  static func heading(_ words: String) -> Label? { Label(words.prefix { !$0.isWhitespace }) }

  /// A constant, because to compile it costs more than to use it.
  nonisolated(unsafe) private static let mention =
    /[Ee]qs?\. ([0-9.T–]+(?:(?:, and|,| and) [0-9][0-9.T–]+)*)/

  /// The rows that a text mentions as equations: "eq. 3.7", "Eq. 3.1–3.6", "eqs. 1.9, 1.10 and
  /// 2.5".
  static func mentioned(in text: String) -> Set<String> {
    let words = text.matches(of: mention).flatMap { $0.1.split { ", and".contains($0) } }
    return Set(words.flatMap { Label($0.hasSuffix(".") ? $0.dropLast() : $0)?.rows ?? [] })
  }
}
