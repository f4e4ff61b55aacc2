import Foundation
import Notebook
import TestSupport
import Testing
import TinyNetworks
import TinyNumerics

@testable import ImageModels
@testable import chapter6

/// What leaves the chapter and what comes back, through the command line. Images of the reader's
/// own, so that the rows about the digits are left out.
@Suite("results that leave the chapter")
struct ResultsTests {
  private let folder: TemporaryFolder
  private let path: String
  private let data: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path
    data = try noiseImages("data", rows: 4, columns: 5, brightest: 255, in: folder)
  }

  private func run(_ words: [String]) -> (outcome: Outcome, output: String, complaint: String) {
    var (output, complaint) = ("", "")
    let console = Console(output: { output += $0 }, diagnostics: { complaint += $0 })
    return (Chapter6.perform(words, console: console), output, complaint)
  }

  private var common: [String] { ["--data", data, "--samples", "128"] }

  /// The numbers of a table under a heading: what a reader compares.
  private func section(_ label: String, of output: String) -> String {
    let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
    let start = lines.firstIndex { $0.contains("\(label) ") } ?? lines.startIndex
    return lines[start...].prefix(40).joined(separator: "\n")
  }

  @Test(
    "saved and loaded: the same model, the same numbers to the last digit",
    arguments: PixelEncoding.Kind.allCases)
  func saveAndLoad(likelihood: PixelEncoding.Kind) throws {
    let model = path + "/m.safetensors"
    let first = run(
      common + [
        "--epochs", "3", "--hidden", "4,3", "--likelihood", likelihood.rawValue, "--save", model,
      ])
    #expect(first.complaint == "" && first.output.contains("model: \(model)"))
    let words = first.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let outputs =
      switch likelihood {
      case .bernoulli: ""
      case .categorical: " × 16"
      case .gaussian: " × 2"
      }
    #expect(words.contains("Encoder 20–4–3–(2, 2), decoder 2–3–4–20\(outputs), softplus, "))
    let again = run(common + ["--load", model])
    #expect(again.complaint == "" && again.output.contains("trained for 3 epochs"))
    // 6.1 on the same draws, 6.2 and 6.3 on the same images.
    for label in ["6.1", "6.2", "6.3"] {
      func sides(_ outcome: Outcome) -> [[Double]] {
        outcome.checks.filter { $0.label == label }.map { [$0.lhs, $0.rhs] }
      }
      #expect(!sides(first.outcome).isEmpty && sides(again.outcome) == sides(first.outcome))
    }
    #expect(section("6.2", of: again.output) == section("6.2", of: first.output))
    #expect(section("6.2", of: again.output).contains("mean of all 10"))
  }

  @Test("the history is what the table shows, every epoch")
  func history() throws {
    let csv = path + "/h.csv"
    let result = run(common + ["--epochs", "5", "--hidden", "4", "--history", csv])
    #expect(result.output.contains("history: \(csv)"))
    let lines = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\n")
    #expect(
      lines[0] == "epoch,train_reconstruction,train_kl,train_elbo,held_out_reconstruction,"
        + "held_out_kl,held_out_elbo")
    let rows = try lines.dropFirst().map { line in
      try line.split(separator: ",").map { try #require(Double($0)) }
    }
    #expect(rows.map { $0[0] } == [1, 2, 3, 4, 5])
    for row in rows {
      #expect(row.count == 7 && row[2] >= 0 && row[5] >= 0)
      #expect(abs(row[1] - row[2] - row[3]) < 1e-12 && abs(row[4] - row[5] - row[6]) < 1e-12)
    }
    // The table shows epochs 1, 2 and 5, to two decimals.
    for row in [rows[0], rows[1], rows[4]] {
      let cells = ["\(Int(row[0]))"] + row.dropFirst().map { $0.decimals(2) }
      let shown = result.output.split(separator: "\n").map {
        $0.split(whereSeparator: { " │|".contains($0) }).map(String.init)
      }
      #expect(shown.contains(cells), "\(cells)")
    }
  }

  @Test("100 images from the prior, as IDX: the greys that the model means")
  func generated() throws {
    let (images, model) = (path + "/g", path + "/m")
    _ = run(
      common + ["--epochs", "2", "--hidden", "4", "--generated", images, "--save", model])
    let idx = try IDX(contentsOf: images, dimensions: 3)
    #expect(idx.dimensions == [100, 4, 5])
    let file = try ModelFile(contentsOf: model)
    let plane = LatentPlane(
      model: VariationalAutoencoder<Double>(file.model), encoding: file.encoding)
    let greys = plane.decoded(plane.priorDraws(100, seed: 1)).flatMap { $0 }
    #expect(zip(idx.bytes, greys).allSatisfy { abs(Double($0) / 255 - $1) <= 0.5001 / 255 })
    #expect(Set(idx.bytes).count > 20)
  }

  @Test("a loaded model goes on as it was trained, and counts all its epochs")
  func continuing() throws {
    let (first, second, third) = (path + "/1", path + "/2", path + "/3")
    _ = run([
      "--data", data, "--samples", "64", "--epochs", "3", "--hidden", "4", "--batch", "7",
      "--learning-rate", "0.01", "--beta", "2", "--seed", "5", "--save", first,
    ])
    let further = run([
      "--data", data, "--samples", "64", "--load", first, "--epochs", "2", "--seed", "6",
      "--learning-rate", "0.02", "--save", second,
    ])
    #expect(further.complaint == "" && further.output.contains("trained for 3 epochs"))
    let (a, b) = (try ModelFile(contentsOf: first), try ModelFile(contentsOf: second))
    #expect(a.experiment.epochs == 3 && b.experiment.epochs == 5)
    #expect((b.experiment.batchSize, b.experiment.learningRate) == (7, 0.02))
    #expect((b.experiment.beta, b.experiment.seed) == (2, 6))
    #expect(a.model.decoder.network.parameters != b.model.decoder.network.parameters)
    // Looked at and saved again, nothing changes: not a byte.
    let copy = run(["--data", data, "--samples", "64", "--load", first, "--save", third])
    #expect(copy.complaint == "")
    let saved = try [first, second, third].map(bytes)
    #expect(saved[0] == saved[2] && saved[0] != saved[1])
  }

  private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

  @Test("what cannot be: one line, nothing started, nothing destroyed")
  func refused() throws {
    _ = try folder.write(Data("keep me".utf8), "link-target")
    symlink(path + "/link-target", path + "/link")
    let wide = try noiseImages("wide", rows: 5, columns: 4, brightest: 255, in: folder)
    let (model, dim) = (path + "/m", path + "/dim")
    _ = run(common + ["--epochs", "1", "--hidden", "2", "--save", model])
    let dark = try noiseImages("dark", rows: 4, columns: 5, brightest: 3, in: folder)
    _ = run([
      "--data", dark, "--batch", "10", "--epochs", "1", "--hidden", "2", "--save", dim,
      "--likelihood", "categorical", "--samples", "64",
    ])
    let cases: [(words: [String], status: Int32, part: String)] = [
      (["--save", path], 73, path),
      (["--save", "/dev/null/x"], 73, "/dev/null/x"),
      (["--save", "/dev/null"], 73, "not a regular file"),
      (["--history", path + "/link"], 73, "not a regular file"),
      (["--generated", path + "/none/g"], 73, "is no folder"),
      (["--generated", path + "/g.gz"], 73, "without .gz"),
      (["--save", path + "/s", "--history", path + "/./s"], 64, "name one file"),
      (["--load", path + "/none"], 66, "none"),
      (["--load", data + "/train-images-idx3-ubyte"], 65, "train-images"),
      (["--load", path], 66, path),
      (["--load", model, "--data", path + "/none"], 66, "none"),
      (["--data", data, "--batch", "51"], 64, "more than the 50 images"),
      (["--data", data, "--held-out", "60"], 64, "leaves nothing to train on"),
      (["--load", model], 65, "4 × 5 pixels, not of 8 × 8"),
      (["--load", model, "--data", wide], 65, "4 × 5 pixels, not of 5 × 4"),
      (["--load", dim, "--data", data], 65, "grey levels up to 3"),
      (
        ["--load", model, "--data", data, "--epochs", "1", "--batch", "51"], 64,
        "--batch 51 is more than the 50 images"
      ),
    ]
    let before = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    for (words, status, part) in cases {
      let result = run(words)
      #expect(result.outcome.status.rawValue == status, "\(words): \(result.complaint)")
      #expect(result.complaint.contains(part), "\(words): \(result.complaint)")
      #expect(result.complaint.filter(\.isNewline).count == 1 && result.outcome.checks.isEmpty)
      #expect(["", "Chapter 6 · The full VAE\n"].contains(result.output))
    }
    for option in ["--latent=3", "--hidden=2", "--activation=tanh", "--likelihood=gaussian"] {
      let result = run(["--data", data, "--load", model, option])
      #expect(result.outcome.status == .wrongCommandLine)
      let name = option.prefix { $0 != "=" }
      #expect(result.complaint.contains("\(name) is fixed by the model that --load names"))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: path).sorted() == before)
    #expect(try bytes(path + "/link-target") == Data("keep me".utf8))
  }

  /// Every check holds, or had too few draws for images as small as these.
  private func succeeded(_ result: (outcome: Outcome, output: String, complaint: String)) -> Bool {
    let checks = result.outcome.checks
    return result.complaint == "" && !checks.isEmpty
      && checks.allSatisfy { $0.holds || !$0.resolves }
  }

  @Test("held-out images brighter than any that train: nothing fails, nothing traps")
  func brighterHeldOut() throws {
    let mixed = try noiseImages(
      "mixed", rows: 2, columns: 3, brightest: 3, test: 16, in: folder)
    for likelihood in PixelEncoding.Kind.allCases {
      let result = run([
        "--data", mixed, "--batch", "10", "--epochs", "1", "--hidden", "2", "--likelihood",
        likelihood.rawValue,
      ])
      #expect(succeeded(result), "\(result.output)")
    }
  }

  @Test("black images, and images of one row", arguments: [(3, 4, 0), (1, 17, 16), (1, 1, 1)])
  func oddImages(rows: Int, columns: Int, brightest: Int) throws {
    let odd = try noiseImages(
      "odd", rows: rows, columns: columns, brightest: brightest, in: folder)
    let model = path + "/m"
    let words = ["--data", odd]
    let result = run(words + ["--epochs", "1", "--hidden", "2", "--save", model])
    #expect(succeeded(result), "\(result.output)")
    #expect(succeeded(run(words + ["--load", model])))
  }

  /// Weights that a file may hold though no training would: every factor on the way from the
  /// encoder to the grid.
  @Test(
    "weights of any size: status 65 or checks, never a trap",
    arguments: PixelEncoding.Kind.allCases,
    [1, 3])
  func hugeWeights(likelihood: PixelEncoding.Kind, latent: Int) throws {
    let experiment = Experiment(
      likelihood: likelihood, latent: latent, hidden: [3], activation: .relu)
    let encoding = PixelEncoding(likelihood, brightest: 255)
    let small = try noiseImages("small", rows: 2, columns: 3, brightest: 255, in: folder)
    let (model, file) = (
      untrained(experiment, encoding: encoding, pixels: 6), path + "/huge"
    )
    for factor: Float in [30, 1e3, 1e5, 1e7, 1e30] {
      for isEncoder in [true, false] {
        var changed = model
        if isEncoder {
          changed.encoder.parameters = model.encoder.parameters.map { factor * $0 }
        } else {
          changed.decoder.network.parameters = model.decoder.network.parameters.map { factor * $0 }
        }
        try ModelFile(
          model: changed, experiment: experiment, rows: 2, columns: 3, encoding: encoding
        ).write(to: file)
        let result = run(["--data", small, "--held-out", "2", "--samples", "64", "--load", file])
        let refused = result.outcome.status == .inputIsNotWhatItClaims
        #expect(refused || !result.outcome.checks.isEmpty)
        if factor > 1e6 { #expect(refused && result.complaint.contains("weights so large")) }
      }
    }
  }
}
