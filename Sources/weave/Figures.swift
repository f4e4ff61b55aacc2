/// Whether a stored figure still shows what the chapter draws.
///
/// Bytes are not compared: another processor or mathematics library rounds the last digit of a
/// coordinate differently, and a picture that no eye can tell from the old one is not stale. So the
/// same elements must stand in the same order with the same words, and numbers inside an element
/// may lie `slack` apart, in the units of the drawing.
struct FigureComparison {
  static let slack = 0.5

  /// Where the chapter trains networks, another machine may train to another picture: only the
  /// words that are not numbers are compared.
  let wordsOnly: Bool

  func agree(_ old: String, _ fresh: String) -> Bool {
    if old == fresh { return true }
    let (old, fresh) = (FigureComparison.elements(old), FigureComparison.elements(fresh))
    if wordsOnly { return words(old) == words(fresh) }
    let inside = Agreement(tolerance: .absolute(FigureComparison.slack))
    let outside = Agreement()
    return old.count == fresh.count
      && zip(old, fresh).allSatisfy { old, fresh in
        inside.agree(old.tag, fresh.tag) && outside.agree(old.text, fresh.text)
      }
  }

  /// What stands between < and >, and what follows it.
  private static func elements(_ svg: String) -> [(tag: String, text: String)] {
    svg.split(separator: "<").map { part in
      let tag = part.prefix { $0 != ">" }
      // "12,34" is two coordinates here, not a thousand and more.
      return (String(tag).replacing(",", with: " , "), String(part.dropFirst(tag.count + 1)))
    }
  }

  private func words(_ elements: [(tag: String, text: String)]) -> [Piece] {
    elements.filter { !$0.tag.hasPrefix("style") }.flatMap { Piece.pieces(of: $0.text) }.filter {
      if case .word(let word) = $0 { word.contains(where: \.isLetter) } else { false }
    }
  }
}
