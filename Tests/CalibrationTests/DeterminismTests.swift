import Foundation
import Testing

/// Same seed, same machine: the same bytes, run after run and whatever the number of cores.
struct DeterminismTests {
  @Test(
    "--json of a chapter: the same bytes twice, the second time on one core where that can be asked",
    arguments: ChapterProgram.numbers)
  func sameBytes(chapter: Int) throws {
    let first = ChapterProgram.outputs[chapter] ?? Data()
    #expect(!first.isEmpty)
    #expect(try first == ChapterProgram(number: chapter).output(onOneCore: true))
  }
}
