import Foundation

extension Page {
  /// A relative link or an image, and where it stands.
  struct Link {
    let line: Int
    /// The path from the package's root, without the fragment.
    let path: String
    let fragment: String?
  }

  /// Every link that stays within the package; code is not searched.
  var links: [Link] {
    prose.filter { lines[$0].contains("](") || lines[$0].contains("=\"") }.flatMap { line in
      let text = lines[line].replacing(/`[^`]*`/, with: "")
      let targets =
        text.matches(of: /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/).map(\.1)
        + text.matches(of: /\b(?:src|href|srcset)="([^"]+)"/).map(\.1)
      return targets.compactMap { link(String($0), line) }
    }
  }

  private func link(_ target: String, _ line: Int) -> Link? {
    guard !target.contains(/^[a-zA-Z][a-zA-Z0-9+.-]*:/), !target.hasPrefix("//") else { return nil }
    let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let file = parts[0].removingPercentEncoding ?? String(parts[0])
    // A path that begins with a slash starts at the repository's root.
    let folder = file.hasPrefix("/") ? [] : path.split(separator: "/").dropLast()
    var steps: [Substring] = []
    for step in file.isEmpty ? path.split(separator: "/") : folder + file.split(separator: "/") {
      if step == ".." && steps.popLast() == nil {
        return Link(line: line, path: "..", fragment: nil)
      }
      if step != "." && step != ".." { steps.append(step) }
    }
    let fragment = parts.count > 1 ? parts[1].removingPercentEncoding ?? String(parts[1]) : nil
    return Link(line: line, path: steps.joined(separator: "/"), fragment: fragment)
  }

  /// The headings: the line, the number of # and the words.
  var headings: [(line: Int, words: String)] {
    prose.compactMap { line in
      lines[line].wholeMatch(of: /#{1,6}\s+(.*?)(\s+#+)?\s*/).map { (line, String($0.1)) }
    }
  }

  /// What a fragment may name, by GitHub's rule: lower case; letters, marks, digits, _ and - stay;
  /// a space becomes a hyphen; a heading that comes again gets "-1", "-2".
  var slugs: Set<String> {
    var slugs: Set<String> = []
    for (_, words) in headings {
      let plain = words.replacing(/!?\[([^\]]*)\]\([^)]*\)/) { $0.1 }.replacing(
        /<!--.*?-->/, with: "")
      let slug = String(
        String.UnicodeScalarView(plain.trimmed.lowercased().unicodeScalars.compactMap(Page.inSlug)))
      var candidate = slug
      var count = 0
      while !slugs.insert(candidate).inserted {
        count += 1
        candidate = "\(slug)-\(count)"
      }
    }
    return slugs
  }

  private static func inSlug(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    if scalar == " " || scalar == "-" { return "-" }
    switch scalar.properties.generalCategory {
    case .decimalNumber, .connectorPunctuation, .nonspacingMark, .spacingMark, .enclosingMark:
      return scalar
    default: return scalar.properties.isAlphabetic ? scalar : nil
    }
  }

  /// Links to files or headings that are not there. A page that is still to be written is a fault
  /// already, and not one more for each link to it.
  func linkFaults(in package: Package, unwritten: Set<String>) -> [Fault] {
    links.filter { !unwritten.contains($0.path) }.compactMap { link in
      guard package.exists(link.path) else {
        return fault(link.line, "links to \(link.path), which does not exist: mend the link")
      }
      guard let fragment = link.fragment, link.path.hasSuffix(".md") else { return nil }
      let target = link.path == path ? self : try? package.page(link.path)
      guard target?.slugs.contains(fragment) == false else { return nil }
      return fault(
        link.line,
        "links to #\(fragment), but \(link.path) has no such heading: mend the link or the heading")
    }
  }
}
