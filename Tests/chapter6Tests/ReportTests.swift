import Foundation
import Notebook
import TestSupport
import Testing
import TinyNetworks
import TinyNumerics

@testable import ImageModels
@testable import chapter6

/// What readers reported, each with the right behaviour.
@Suite("reports from the field")
struct ReportTests {
  private let folder: TemporaryFolder
  private let data: String

  init() throws {
    folder = try TemporaryFolder()
    data = try noiseImages("data", rows: 4, columns: 5, brightest: 255, in: folder)
  }

  private struct Full: Error {}

  private func run(
    _ words: [String], width: Int? = nil, isFull: Bool = false
  ) -> (outcome: Outcome, output: String, complaint: String) {
    var (output, complaint) = ("", "")
    let console = Console(
      output: {
        if isFull { throw Full() }
        output += $0
      }, diagnostics: { complaint += $0 }, width: width)
    return (Chapter6.perform(words, console: console), output, complaint)
  }

  private func write(_ array: IDX, _ name: String) throws {
    _ = try folder.write(array.encoded, "data/" + name)
  }

  private func words(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private func check(error: Double, promise: Double, estimate: Double = 0) -> Check {
    .monteCarlo(
      "6.0", "a sampled number", estimate: estimate, standardError: error, exact: 0,
      promise: promise)
  }

  /// A chapter that shows one check as a reader's experiment does, or as the chapter's own.
  private struct Showing: Chapter {
    static let (number, title, summary) = (6, "", "")
    static let options = Chapter6.options
    nonisolated(unsafe) static var shown = Check.bound("6.0", "", lower: 0, upper: 1)
    nonisolated(unsafe) static var isReaders = false

    static func run(in notebook: Notebook) throws {
      Study(Experiment(), dataset: try .digits(), isReaders: isReaders).show(shown, in: notebook)
    }
  }

  @Test("01: too coarse is no failed identity, where the experiment is the reader's; wrong is")
  func coarse() {
    let cases: [(Check, Bool, Int, Int32)] = [
      (check(error: 1, promise: 1), true, 0, 0),
      (check(error: 1, promise: 1), false, 1, 1),
      (check(error: 1, promise: 1, estimate: 6), true, 1, 1),
      (check(error: .nan, promise: 1), true, 1, 1),
      (check(error: 0.1, promise: 1), true, 1, 0),
    ]
    for (check, isReaders, checks, status) in cases {
      (Showing.shown, Showing.isReaders) = (check, isReaders)
      var output = ""
      let outcome = Showing.perform(
        [], console: Console(output: { output += $0 }, diagnostics: { _ in }))
      #expect(outcome.checks.count == checks && outcome.status.rawValue == status)
      #expect(output.contains("25 times") == (checks == 0))
    }
  }

  @Test("02: a model is for the brightness of its images", arguments: [127, 128])
  func darker(brightest: Int) throws {
    let model = folder.path + "/m"
    #expect(run(["--data", data, "--epochs=1", "--hidden=2", "--save", model]).complaint == "")
    let dark = try noiseImages("dark", rows: 4, columns: 5, brightest: brightest, in: folder)
    let result = run(["--data", dark, "--samples=64", "--load", model])
    #expect((result.outcome.status == .inputIsNotWhatItClaims) == (brightest < 128))
    if brightest < 128 {
      #expect(result.complaint.contains("levels up to 255, but the images reach only 127: scale"))
    }
  }

  @Test("02: one bright pixel makes all others black, and a darker test set is another scale")
  func remarks() throws {
    var bytes = [UInt8](repeating: 1, count: 60 * 20)
    bytes[7] = 255
    try write(IDX(dimensions: [60, 4, 5], bytes: bytes), "train-images-idx3-ubyte")
    try write(
      IDX(dimensions: [6, 4, 5], bytes: Array(repeating: 1, count: 120)), "t10k-images-idx3-ubyte")
    let text = words(run(["--data", data, "--epochs=1", "--hidden=2"]).output)
    #expect(text.contains("of the pixels to train on 0.083% are white (levels from 128 on)"))
    #expect(text.contains("levels up to 255, those held out up to 1."))
    #expect(text.contains("6 are held out, of the t10k file"))
  }

  @Test("03: how images are held out is said, and which classes never train")
  func classes() throws {
    let labels = (0..<60).map { UInt8($0 == 17 ? 9 : $0 % 2) }
    try write(IDX(dimensions: [60], bytes: labels), "train-labels-idx1-ubyte")
    let text = words(run(["--data", data, "--epochs=1", "--hidden=2", "--held-out=59"]).output)
    #expect(text.contains("59 are held out, chosen at random, the same in every run"))
    #expect(text.contains("Careful: held-out images of class"))
  }

  @Test("04: the model is saved though nobody reads, and the status tells")
  func closedPipe() throws {
    let model = folder.path + "/m"
    let result = run(
      ["--data", data, "--epochs=2", "--hidden=2", "--save", model, "--figures", folder.path],
      isFull: true)
    #expect(result.outcome.status == .outputCannotBeWritten)
    #expect(try ModelFile(contentsOf: model).experiment.epochs == 2)
  }

  @Test("05: every line fits the page", arguments: [40, 57, 80, 100], [(4, 5), (2, 90), (90, 2)])
  func widths(width: Int, size: (Int, Int)) throws {
    let images = try noiseImages("i", rows: size.0, columns: size.1, brightest: 16, in: folder)
    let result = run(
      ["--data", images, "--epochs=2", "--hidden=2", "--held-out=6", "--samples=64"], width: width)
    let long = result.output.split(separator: "\n").filter { $0.count > width }
    #expect(long.isEmpty, "\(long)")
    // 10: no picture is empty, none floods the screen.
    let pictures = result.output.split(separator: /guide's\s+mean:/)
    let lines = try #require(pictures.last).split(separator: /New\s+images/)[0].split(
      separator: "\n")
    #expect((2...40).contains(lines.count { $0.contains { "░▒▓█".contains($0) } }))
  }

  @Test("06: training that blew up says so, in one line, before any theorem is blamed")
  func blownUp() throws {
    let encoding = PixelEncoding(.bernoulli, brightest: 255)
    let experiment = Experiment(hidden: [3])
    var model = untrained(experiment, encoding: encoding, pixels: 20)
    for logVariance: Float in [800, -800, -100] {
      let count = model.encoder.parameterCount
      model.encoder.parameters = (0..<count).map { $0 < count - 2 ? 0 : logVariance }
      let path = folder.path + "/m"
      try ModelFile(model: model, experiment: experiment, rows: 4, columns: 5, encoding: encoding)
        .write(to: path)
      let result = run(["--data", data, "--load", path])
      #expect(result.outcome.status == .inputIsNotWhatItClaims && result.outcome.checks.isEmpty)
      #expect(result.complaint.contains("weights so large"))
    }
  }

  @Test("11: a walk leads to another image, of another class if there is one")
  func walk() throws {
    func text(_ labels: [UInt8]?) throws -> String {
      if let labels { try write(IDX(dimensions: [60], bytes: labels), "train-labels-idx1-ubyte") }
      return words(run(["--data", data, "--epochs=1", "--hidden=2", "--samples=64"]).output)
    }
    #expect(try text(nil).contains("latent space from one held-out image to another:"))
    let two = try text((0..<60).map { UInt8(1 + $0 % 2) })
    #expect(
      two.contains("from a held-out 1 to a held-out 2")
        || two.contains("from a held-out 2 to a held-out 1"))
    #expect(
      try text(Array(repeating: 3, count: 60)).contains("from a held-out 3 to another"))
    let alone = run(["--data", data, "--epochs=1", "--hidden=2", "--held-out=1", "--samples=64"])
    #expect(!alone.output.contains("straight walk") && alone.complaint == "")
  }

  @Test("12: an output is not one of the inputs")
  func overInput() throws {
    let model = folder.path + "/m"
    let images = data + "/train-images-idx3-ubyte"
    let before = try Data(contentsOf: URL(filePath: images))
    let start = ["--data", data, "--epochs=1", "--hidden=2", "--samples=64"]
    for option in ["--save", "--history", "--generated"] {
      let result = run(start + [option, data + "/../data/train-images-idx3-ubyte"])
      #expect(result.outcome.status == .wrongCommandLine && result.output == "")
      #expect(result.complaint.contains("\(option) would write over \(images)"))
    }
    #expect(try Data(contentsOf: URL(filePath: images)) == before)
    #expect(run(start + ["--save", model]).complaint == "")
    let further = ["--data", data, "--epochs=1", "--samples=64", "--load", model]
    #expect(run(further + ["--generated", model]).complaint.contains("would write over"))
    #expect(run(further + ["--save", model]).complaint == "")
    #expect(try ModelFile(contentsOf: model).experiment.epochs == 2)
  }

  @Test("13: options without effect beside --load; images that trained and are now held out")
  func loaded() throws {
    let model = folder.path + "/m"
    let start = ["--data", data, "--samples=64"]
    #expect(
      run(start + ["--epochs=1", "--hidden=2", "--held-out=10", "--save", model]).complaint == "")
    for option in ["--learning-rate=0.5", "--batch=7", "--beta=3", "--history=h.csv"] {
      let result = run(start + ["--load", model, option])
      #expect(result.outcome.status == .wrongCommandLine)
      #expect(result.complaint.contains("has no effect beside --load without --epochs"))
    }
    func text(_ more: [String]) -> String { words(run(start + ["--load", model] + more).output) }
    #expect(!text([]).contains("Careful") && !text(["--held-out=5"]).contains("Careful"))
    #expect(text(["--held-out=13"]).contains("Careful: 3 images of those now held out trained"))
    // Trained further on some of those that were held out: these are remembered, too.
    _ = text(["--held-out=4", "--epochs=1", "--save", model])
    #expect(text(["--held-out=10"]).contains("Careful: 6 images of those now held out trained"))
    let other = try noiseImages("other", rows: 4, columns: 5, brightest: 254, in: folder)
    let strangers = words(run(["--data", other, "--samples=64", "--load", model]).output)
    #expect(strangers.contains("trained on other images than these"))
  }

  @Test("14: a default that cannot be met gives way")
  func defaults() {
    let result = run(["--data", data, "--epochs=1", "--hidden=2", "--samples=64"])
    #expect(result.outcome.status == .allChecksHold && result.complaint == "")
    #expect(run(["--transpose"]).complaint.contains("give them with --data"))
  }

  @Test("two images, equal or not: nothing fails for having few")
  func two() throws {
    for (bytes, name) in [([0, 255, 0, 255, 0, 255, 0, 255], "equal"), (Array(0..<8), "other")]
      as [([UInt8], String)]
    {
      let path = folder.path + "/" + name
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      _ = try folder.write(
        IDX(dimensions: [2, 2, 2], bytes: bytes).encoded, name + "/train-images-idx3-ubyte")
      let result = run(["--data", path, "--epochs=1", "--hidden=2", "--samples=2"])
      #expect(result.outcome.status == .allChecksHold && result.complaint == "", "\(result.output)")
    }
  }
}
