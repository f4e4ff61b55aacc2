import Foundation
import Notebook
import Testing

@testable import TinyNumerics
@testable import chapter6

@Suite("Saved models")
struct ModelFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func example(
    _ likelihood: String = "bernoulli", hidden: [Int] = [5, 3], activation: Activation = .tanh
  ) -> ModelFile {
    let experiment = Experiment(
      likelihood: likelihood, latent: 2, hidden: hidden, activation: activation, epochs: 7,
      batchSize: 20, learningRate: 0.25, beta: 0.5, seed: 9)
    let encoding = PixelEncoding(likelihood, brightest: 4)
    return ModelFile(
      model: untrained(experiment, encoding: encoding, pixels: 6), experiment: experiment, rows: 2,
      columns: 3, encoding: encoding)
  }

  private func file(of model: ModelFile) throws -> Safetensors {
    let path = folder.path + "/model.safetensors"
    try model.write(to: path)
    return try Safetensors(contentsOf: path)
  }

  @Test("a round trip keeps every bit and every setting", arguments: PixelEncoding.names)
  func roundTrip(likelihood: String) throws {
    for (hidden, activation) in [([4], Activation.relu), ([5, 3], .tanh), ([3, 2, 4], .softplus)] {
      let saved = example(likelihood, hidden: hidden, activation: activation)
      let loaded = try ModelFile(file(of: saved), name: "x")
      #expect(loaded.model.encoder.parameters == saved.model.encoder.parameters)
      #expect(loaded.model.decoder.parameters == saved.model.decoder.parameters)
      #expect(loaded.model.encoder.widths == saved.model.encoder.widths)
      #expect(loaded.model.likelihood == saved.model.likelihood)
      #expect(loaded.model.encoder.activation == activation)
      let (a, b) = (loaded.experiment, saved.experiment)
      #expect((a.epochs, a.batchSize, a.learningRate) == (b.epochs, b.batchSize, b.learningRate))
      #expect((a.beta, a.seed, a.likelihood) == (b.beta, b.seed, likelihood))
      #expect((loaded.rows, loaded.columns) == (2, 3))
      #expect(loaded.encoding.threshold == saved.encoding.threshold)
    }
  }

  /// PyTorch's Linear keeps W as out × in: our x·W + b with W of in × out, transposed.
  @Test("weights stand as PyTorch's nn.Linear has them")
  func transposed() throws {
    let saved = example(hidden: [4])
    let tensors = try file(of: saved)
    let weight = try #require(tensors["encoder.0.weight"])
    #expect(weight.shape == [4, 6])
    for (i, j) in [(0, 0), (5, 1), (2, 3)] {
      #expect(weight.values[j * 6 + i] == saved.model.encoder.parameters[i * 4 + j])
    }
    #expect(
      tensors["encoder.2.weight"]?.shape == [4, 4] && tensors["decoder.2.bias"]?.shape == [6])
    #expect(tensors["encoder.0.bias"]?.values == Array(saved.model.encoder.parameters[24..<28]))
  }

  @Test("wrong metadata, missing, extra and misshapen tensors: one line each")
  func wrong() throws {
    let good = try file(of: example())
    func refused(_ metadata: [String: String], _ tensors: [Safetensors.Tensor]) throws {
      let error = try #require(throws: Failure.self) {
        _ = try ModelFile(Safetensors(metadata: metadata, tensors: tensors), name: "some file")
      }
      #expect(error.status == .inputIsNotWhatItClaims)
      #expect(error.message.contains("some file") && error.message.contains("save the model again"))
      #expect(!error.message.contains("\n"))
    }
    let values = ["", "0", "-1", "x", "1e300", "99999999999999999999", "4096,4096,4096", "nan"]
    let free = ["epochs", "batch", "learning_rate", "beta", "seed", "brightest"]
    for key in good.metadata.keys {
      var without = good.metadata
      without[key] = nil
      try refused(without, good.tensors)
      for value in values where !(free.contains(key) && Double(value).map { $0 >= 0 } ?? false) {
        try refused(good.metadata.merging([key: value]) { $1 }, good.tensors)
      }
    }
    for i in good.tensors.indices {
      var fewer = good.tensors
      fewer.remove(at: i)
      try refused(good.metadata, fewer)
      var bent = good.tensors
      bent[i] = .init(name: bent[i].name, shape: [bent[i].values.count, 1], values: bent[i].values)
      try refused(good.metadata, bent)
    }
    try refused(good.metadata, good.tensors + [.init(name: "more", shape: [1], values: [1])])
    try refused(good.metadata.merging(["latent": "3"]) { $1 }, good.tensors)
  }

  /// Bytes changed, cut off and doubled: an error, or a model of the same architecture.
  @Test("3,000 damaged files: never a trap")
  func damage() throws {
    let path = folder.path + "/model.safetensors"
    try example().write(to: path)
    let good = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    var generator = Threefry(seed: 13)
    var refused = 0
    for _ in 0..<3000 {
      var bytes = good
      for _ in 0..<1 + Int(generator.uniform() * 3) {
        // Mostly in the header, which is where claims are made.
        let reach = generator.uniform() < 0.8 ? min(1200, bytes.count) : bytes.count
        let i = Int(generator.uniform() * Double(reach))
        switch Int(generator.uniform() * 4) {
        case 0: bytes[i] = UInt8(generator.uniform() * 256)
        case 1: bytes[i] = UInt8(ascii: "0") + UInt8(generator.uniform() * 10)
        case 2: bytes.removeLast(min(bytes.count - 9, Int(generator.uniform() * 20)))
        default: bytes.insert(bytes[i], at: i)
        }
      }
      do {
        let loaded = try ModelFile(Safetensors(parsing: Data(bytes), name: "x"), name: "x")
        #expect(loaded.model.encoder.parameterCount > 0)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 1500)
  }
}

@Suite("Results that leave the chapter")
struct ResultsTests {
  private func run(_ words: [String]) -> (outcome: Outcome, output: String, complaint: String) {
    var (output, complaint) = ("", "")
    let console = Console(output: { output += $0 }, diagnostics: { complaint += $0 })
    return (Chapter6.perform(words, console: console), output, complaint)
  }

  /// Images of the reader's own, so that the rows about the digits are left out.
  private func data(in folder: TemporaryFolder) throws -> String {
    var generator = Threefry(seed: 14)
    let bytes = (0..<60 * 20).map { _ in UInt8(generator.uniform() * 256) }
    _ = try folder.write(
      IDX(dimensions: [60, 4, 5], bytes: bytes).encoded, "train-images-idx3-ubyte")
    return folder.path
  }

  @Test("model, history and images are written; the model read again is the same model")
  func saving() throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    let common = ["--data", try data(in: folder), "--batch", "10", "--samples", "128"]
    let first = run(
      common + [
        "--epochs", "3", "--hidden", "4", "--save", path + "/m.safetensors", "--history",
        path + "/h.csv", "--generated", path + "/g",
      ])
    #expect(first.complaint == "" && first.outcome.checks.contains { $0.label == "6.2" })
    let history = try String(contentsOfFile: path + "/h.csv", encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: ",") }
    #expect(history.count == 4 && history.allSatisfy { $0.count == 7 })
    let elbo = try #require(Double(history[3][6]))
    #expect(first.output.contains(elbo.decimals(2)))
    #expect(try IDX(contentsOf: path + "/g", dimensions: 3).dimensions == [100, 4, 5])

    let again = run(common + ["--load", path + "/m.safetensors"])
    #expect(again.complaint == "")
    let identity = first.outcome.checks.filter { $0.label == "6.2" }.map(\.lhs)
    #expect(again.outcome.checks.filter { $0.label == "6.2" }.map(\.lhs) == identity)

    let further = run(
      common + ["--load", path + "/m.safetensors", "--epochs", "2", "--save", path + "/n"])
    #expect(further.output.contains("trained for 3 epochs"))
    #expect(try ModelFile(contentsOf: path + "/n").experiment.epochs == 5)
  }

  @Test("what cannot be: one line, nothing started, nothing destroyed")
  func refused() throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    let data = try data(in: folder)
    var cases: [(words: [String], status: Int32, part: String)] = []
    cases.append((["--save", path], 73, path))
    cases.append((["--save", "/dev/null/x"], 73, "/dev/null/x"))
    cases.append((["--save", path + "/a", "--history", path + "/./a"], 64, "name one file"))
    cases.append((["--load", "\(path)/none"], 66, "none"))
    cases.append((["--load", "\(data)/train-images-idx3-ubyte"], 65, "train-images"))
    cases.append((["--data", "\(path)/none"], 66, "none"))
    cases.append((["--data", data, "--batch", "51"], 64, "more than the 50 images"))
    cases.append((["--data", data, "--held-out", "60"], 64, "leaves nothing to train on"))
    for (words, status, part) in cases {
      let result = run(words)
      #expect(result.outcome.status.rawValue == status, "\(words): \(result.complaint)")
      #expect(result.complaint.contains(part))
      #expect(result.complaint.split(separator: "\n").count == 1)
      #expect(result.output == "")
    }
    _ = run([
      "--data", data, "--batch", "10", "--epochs", "1", "--hidden", "2", "--save", path + "/m",
    ])
    let fixed = run(["--data", data, "--load", path + "/m", "--latent", "3"])
    #expect(fixed.complaint.contains("--latent is fixed by the model"))
    let digits = run(["--load", path + "/m"])
    #expect(digits.outcome.status == .inputIsNotWhatItClaims)
    #expect(digits.complaint.contains("4 × 5 pixels, not of 8 × 8"))
  }
}
