import Foundation
import Notebook
import Testing

@testable import chapter2

@Suite("chapter 2, run from end to end")
struct Chapter2Tests {
  @Test("every label is printed, every check holds, both figures are written")
  func run() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "chapter2-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var output = ""
    let console = Console(output: { output += $0 }, diagnostics: { _ in })
    let outcome = Chapter2.perform(["--seed", "3", "--figures", folder.path], console: console)
    #expect(outcome.status == .allChecksHold)
    let labels = (1...13).map { "2.\($0)" } + ["2.T"]
    #expect(Set(outcome.checks.map(\.label)) == Set(labels))
    for label in labels { #expect(output.contains("── \(label)  ")) }
    let traps = outcome.checks.filter { $0.kind == .trap }
    #expect(traps.count == 5 && traps.allSatisfy { $0.label == "2.T" })
    for name in ["chapter2-intractable", "chapter2-marginal"] {
      let svg = try String(contentsOf: folder.appending(path: name + ".svg"), encoding: .utf8)
      #expect(svg.hasPrefix("<svg") && svg.count > 2_000)
    }
  }
}
