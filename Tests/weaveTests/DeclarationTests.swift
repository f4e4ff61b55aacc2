import Foundation
import Testing

@testable import weave

@Suite("Declarations")
struct DeclarationTests {
  private static let source = #"""
    import Foundation

    // A remark that belongs to nobody: { (
    /// A doc comment with a brace {.
    @available(
      macOS 15, *)
    @inlinable
    public func first<T: Sequence>(
      _ x: T, at index: Int = "}".count, then next: (Int, Int) -> Int
    ) -> String
    where T.Element == Int {
      let text = "a \(index > 0 ? "{" : "}") brace {"  // and {
      /* a comment { /* inside } */ } */
      func inner() { print("}") }
      return text
    }

    struct Outer: Equatable,
      Sendable
    {
      /// Stored.
      let value: Int
      static let text = """
        } not the end
          """
      var computed: Int { value + 1 }
      var long =
        1
        + 2

      init(value: Int) { self.value = value }
      init() { self.init(value: 0) }
      subscript(index: Int) -> Int { index }

      enum Kind {
        case one, two(Int), `default`
      }
    }

    extension Outer {
      func first(_ x: Int) -> Int { x }
      static func + (a: Outer, b: Outer) -> Outer { a }
    }

    protocol Model {
      associatedtype Latent
      func sample() -> Latent
      var name: String { get }
    }

    typealias Model2 = Model
    let raw = #"a " { \(x) "#, other = 1
    """#

  private func lines(_ name: String) throws -> [String] {
    try SourceMarker("Sources/x.swift, \(name)").quote(from: Self.source)
  }

  @Test("several lines of signature, attributes, strings and comments with braces")
  func function() throws {
    let first = try lines("first(_:at:then:)")
    #expect(first.first == "/// A doc comment with a brace {.")
    #expect(first.last == "}")
    #expect(first.count == 13)
    #expect(try lines("first(_:at:then:), body").first == "@available(")
    #expect(try lines("first(_:at:then:), body").count == 12)
  }

  @Test("members, with their indentation taken away")
  func members() throws {
    #expect(try lines("Outer.value") == ["/// Stored.", "let value: Int"])
    #expect(try lines("value, body") == ["let value: Int"])
    #expect(
      try lines("text") == ["static let text = \"\"\"", "  } not the end", "    \"\"\""])
    #expect(try lines("long") == ["var long =", "  1", "  + 2"])
    #expect(try lines("Outer.init(value:)") == ["init(value: Int) { self.value = value }"])
    #expect(try lines("init()") == ["init() { self.init(value: 0) }"])
    #expect(try lines("subscript(_:)") == ["subscript(index: Int) -> Int { index }"])
    #expect(try lines("Outer.first(_:)") == ["func first(_ x: Int) -> Int { x }"])
    #expect(try lines("+").count == 1)
    for name in ["one", "Kind.two", "Outer.Kind.default"] {
      #expect(try lines(name) == ["case one, two(Int), `default`"], "\(name)")
    }
  }

  @Test("types, extensions, protocols, aliases")
  func types() throws {
    #expect(try lines("Outer").count == 21)
    #expect(try lines("extension Outer").count == 4)
    #expect(try lines("Model").count == 5)
    #expect(try lines("sample") == ["func sample() -> Latent"])
    #expect(try lines("Model.name") == ["var name: String { get }"])
    #expect(try lines("Latent") == ["associatedtype Latent"])
    #expect(try lines("Model2") == ["typealias Model2 = Model"])
    #expect(try lines("raw") == [##"let raw = #"a " { \(x) "#, other = 1"##])
  }

  @Test("what is not unique, or not there, or inside a function, says so")
  func refused() throws {
    #expect(throws: Complaint.self) { try lines("first") }
    #expect(throws: Complaint.self) { try lines("init") }
    #expect(throws: Complaint.self) { try lines("inner") }
    #expect(throws: Complaint.self) { try lines("Inner.value") }
    #expect(throws: Complaint.self) { try lines("extension Model") }
    #expect(try lines("init #2") == ["init() { self.init(value: 0) }"])
    #expect(throws: Complaint.self) { try lines("init #3") }
  }

  @Test("in our own sources every line of code belongs to a declaration")
  func ownSources() throws {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 1...3 { root.deleteLastPathComponent() }
    let folders = try FileManager.default.contentsOfDirectory(atPath: root.path + "/Sources")
    let sources = Package(root: root).swiftFiles(
      under: folders.filter { !["weave", "bench"].contains($0) }.map { "Sources/\($0)" })
    #expect(sources.count > 150)
    for source in sources {
      let code = Code(source)
      let declarations = DeclarationReader(code).declarations
      let covered = Set(declarations.flatMap { Array($0.lines) })
      for (line, text) in code.blanked.enumerated() where !covered.contains(line) {
        let isOutside =
          text.trimmed.isEmpty || text.hasPrefix("#")
          || ["import ", "@_exported import "].contains { text.trimmed.hasPrefix($0) }
        #expect(isOutside || text.hasPrefix("("), "\(text)")
      }
      for declaration in declarations {
        let brackets = code.blanked[declaration.lines].joined().map { character in
          "([{".contains(character) ? 1 : ")]}".contains(character) ? -1 : 0
        }
        #expect(brackets.reduce(0, +) == 0, "\(declaration.fullName)")
      }
    }
  }
}
