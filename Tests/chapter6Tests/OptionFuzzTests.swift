import Foundation
import Notebook
import TestSupport
import Testing
import TinyNumerics

@testable import ImageModels
@testable import chapter6

/// Chapter 6's command line, up to where training would start.
private struct Rehearsal: Chapter {
  static let (number, title, summary) = (6, "", "")
  static let options = Chapter6.options
  static let digits = Result { try Dataset.digits() }

  static func run(in notebook: Notebook) throws {
    try Chapter6.prepareOutputs(for: notebook)
    let isOther = notebook.isGiven(Chapter6.data) || notebook.isGiven(Chapter6.heldOut)
    let images = isOther ? try Chapter6.dataset(for: notebook) : try digits.get()
    let start = try Chapter6.loaded(for: notebook)
    let settings = try Chapter6.experiment(for: notebook, images: images, from: start)
    #expect(settings.batchSize <= images.training.levels.count || settings.epochs == 0)
    #expect((1...256).contains(settings.latent) && (1...8).contains(settings.hidden.count))
    let widths = settings.hidden.allSatisfy((1...4096).contains)
    #expect(widths)
    #expect((1...100_000).contains(settings.epochs) && settings.batchSize >= 1)
    #expect(settings.learningRate > 0 && settings.learningRate <= 1)
    #expect((0...1000).contains(settings.beta))
  }
}

@Suite("Chapter 6's options at random")
struct OptionFuzzTests {
  let folder: TemporaryFolder
  /// Paths that are there and paths that are not; nothing is ever written to one.
  let paths: [String]

  init() throws {
    folder = try TemporaryFolder()
    let images = IDX(dimensions: [3, 2, 2], bytes: Array(0..<12)).encoded
    let file = try folder.write(images, "train-images-idx3-ubyte")
    let pipe = folder.path + "/pipe"
    mkfifo(pipe, 0o600)
    paths = [
      folder.path, file, pipe, folder.path + "/new", folder.path + "/none/new", file + "/x", ".",
      "/dev/null", "/dev/zero", "/", String(repeating: "x", count: 5000), "\n", "\u{202E}",
    ]
  }

  private static let values = [
    "0", "1", "2", "50", "1500", "1501", "1796", "1797", "256", "257", "4096", "100000", "1000000",
    "-1", "+3", "007", "1e3", "1e-3", "1e-9", "0x1p-4", "0.5", ".5", "5.", "nan", "inf", "-0.0",
    "9223372036854775807", "9223372036854775808", "18446744073709551615", "1e308", "1e309",
    "1,2", "4096,4096,4096,4096,4096,4096,4096,4096", "1,2,3,4,5,6,7,8,9", ",", "1,", "1,,2",
    "bernoulli", "categorical", "gaussian", "tanh", "relu", "softplus", "Tanh", "", " ", " 1",
    "1 ", "\0", "é", "٣", "--", "-h", "=", String(repeating: "9", count: 10_000),
    Array(repeating: "1", count: 10_000).joined(separator: ","),
  ]

  private static let common = [
    ("seed", "K"), ("samples", "N"), ("json", nil), ("help", nil),
  ]

  private func word(using generator: inout Threefry) -> [String] {
    let options =
      Chapter6.options.map { ($0.name, $0.placeholder) } + OptionFuzzTests.common
    let (name, placeholder) = options.randomElement(using: &generator)!
    let takesPath = placeholder == "FILE" || placeholder == "DIR"
    let value = (takesPath ? paths : OptionFuzzTests.values).randomElement(using: &generator)!
    switch Int.random(in: 0..<24, using: &generator) {
    case 0: return [value]
    case 1: return ["--" + name]
    case 2: return ["--" + name.dropLast() + "=" + value]
    case 3...9: return ["--" + name, value]
    case _ where placeholder == nil: return ["--" + name]
    default: return ["--" + name + "=" + value]
    }
  }

  @Test("10,000 command lines: an experiment that can be run, or one line that says why not")
  func fuzz() throws {
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    var generator = Threefry(seed: 9)
    var (taken, slowest) = (0, 0.0)
    for _ in 0..<10_000 {
      let words = (0..<Int.random(in: 1...3, using: &generator)).flatMap { _ in
        word(using: &generator)
      }
      var complaint = ""
      let console = Console(output: { _ in }, diagnostics: { complaint += $0 })
      var outcome: Outcome?
      slowest = max(
        slowest, processorTime { outcome = Rehearsal.perform(words, console: console) })
      let status = try #require(outcome).status
      let isTidy =
        switch status {
        case .allChecksHold: complaint.isEmpty
        case .wrongCommandLine, .inputIsNotWhatItClaims, .inputCannotBeRead,
          .outputCannotBeCreated:
          complaint.filter(\.isNewline).count == 1 && complaint.hasPrefix("chapter6: ")
        case .aCheckFailed, .outputCannotBeWritten: false
        }
      if !isTidy { Issue.record("\(words): \(status), \(complaint)") }
      taken += status == .allChecksHold ? 1 : 0
    }
    #expect(taken > 500 && taken < 9000, "\(taken)")
    #expect(slowest < 0.5, "\(slowest) s")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
  }
}

/// Seconds of this thread's processor time: what other programs take does not count.
private func processorTime(_ body: () -> Void) -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
  let start = now()
  body()
  return now() - start
}
