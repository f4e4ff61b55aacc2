import Foundation

/// The line under a source cell: where the declaration stands, and a test that calls it.
///
///     [Bound.swift · elbo](../Sources/chapter3/Bound.swift#L24) ·
///     [test](../Tests/chapter3Tests/…#L30)
struct References {
  private let package: Package
  /// The tests of each folder, once they were needed.
  private var tests: [String: [TestCase]] = [:]

  init(package: Package) { self.package = package }

  private struct TestCase {
    let path: String
    let line: Int
    /// The rows that its name mentions.
    let rows: Set<String>
    /// Every name in its body.
    let words: Set<String>
  }

  /// - Parameter rows: those of the heading above the cell; a test named after one of them comes
  ///   first.
  mutating func line(
    for marker: SourceMarker, source: String, on page: Page, rows: Set<String>
  ) throws(Complaint) -> String {
    let root = String(repeating: "../", count: page.path.count { $0 == "/" })
    let file = marker.path.split(separator: "/").last ?? ""
    guard let declaration = try marker.declaration(in: source) else {
      return "[\(file)](\(root)\(marker.path))"
    }
    let name = (declaration.path + [declaration.name]).joined(separator: ".")
    let line = (declaration.body.first ?? declaration.lines.lowerBound) + 1
    let link = "[\(file) · \(name)](\(root)\(marker.path)#L\(line))"
    guard let test = test(of: declaration, in: marker.path, page: page, rows: rows) else {
      return link
    }
    return link + " · [test](\(root)\(test.path)#L\(test.line))"
  }

  /// A test that says the declaration's name: of the module's own tests, then of the page's
  /// chapter.
  private mutating func test(
    of declaration: Declaration, in path: String, page: Page, rows: Set<String>
  ) -> TestCase? {
    let module = path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
    let chapter = page.path.firstMatch(of: /chapter\d+/).map { String($0.0) }
    var folders = [module, chapter].compactMap { $0 }
    if folders.first == folders.last { folders.removeLast() }
    let callers = folders.flatMap { cases(in: "Tests/\($0)Tests") }.filter {
      $0.words.contains(declaration.spokenName)
    }
    return callers.first { !$0.rows.isDisjoint(with: rows) } ?? callers.first
  }

  private mutating func cases(in folder: String) -> [TestCase] {
    if let known = tests[folder] { return known }
    let found = package.swiftFiles(in: folder).flatMap { path, text -> [TestCase] in
      let code = Code(text)
      return DeclarationReader(code).declarations.compactMap { declaration in
        let lines = declaration.body.map { code.lines[$0] }.joined(separator: "\n")
        guard let head = lines.prefixMatch(of: /\s*@Test\b(?:\(\s*"((?:[^"\\]|\\.)*)")?/) else {
          return nil
        }
        var words = declaration.body.flatMap { line in
          code.blanked[line].split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
        }
        // A test may be named like what it calls: its own name is no call.
        if let own = words.firstIndex(of: declaration.name) { words.remove(at: own) }
        return TestCase(
          path: path, line: declaration.body[0] + 1,
          rows: Label.mentioned(in: head.1.map(String.init) ?? ""), words: Set(words))
      }
    }
    tests[folder] = found
    return found
  }
}

extension Declaration {
  /// What whoever uses it says: a type's name for its initialisers and where it is called like a
  /// function.
  fileprivate var spokenName: String {
    ["init", "subscript", "callAsFunction"].contains(name)
      ? path.last ?? name : name.replacing("extension ", with: "")
  }
}
