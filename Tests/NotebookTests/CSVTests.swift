import Foundation
import Testing

@testable import Notebook

@Suite("Tables for other programs")
struct CSVTests {
  @Test("to the byte: a line a row, empty cells, quotes only where they are needed")
  func bytes() {
    var table = CSV(["epoch", "E_q log p(x|z)", "a, b", "the \"KL\"", "two\nlines"])
    table.append([1, -0.1, nil, 1e-300, 0])
    table.append([2, .nan, .infinity, -.infinity, -0.0])
    #expect(
      table.text == #"""
        epoch,E_q log p(x|z),"a, b","the ""KL""","two
        lines"
        1,-0.1,,1e-300,0
        2,nan,inf,-inf,-0

        """#)
    #expect(CSV(["only"]).text == "only\n")
  }

  @Test("every number comes back to the bit")
  func precision() {
    var generator = SplitMix64(state: 5)
    var table = CSV(["x"])
    let values =
      [
        0.1 + 0.2, .pi, .ulpOfOne, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e15, 1e16,
        1e22,
      ]
      + (0..<10_000).map { _ in Double(bitPattern: generator.next()) }.filter(\.isFinite)
    for value in values { table.append([value]) }
    let lines = table.text.split(separator: "\n").dropFirst()
    #expect(lines.map { Double($0)?.bitPattern } == values.map(\.bitPattern))
  }

  @Test("written whole, or refused")
  func writing() throws {
    let folder = try TemporaryFolder()
    var table = CSV(["epoch", "ELBO"])
    table.append([1, -20.5])
    try table.write(to: folder.path + "/history.csv")
    let file = FileManager.default.contents(atPath: folder.path + "/history.csv")
    #expect(file == Data("epoch,ELBO\n1,-20.5\n".utf8))
    #expect(throws: Failure.self) { try table.write(to: folder.path) }
  }
}
