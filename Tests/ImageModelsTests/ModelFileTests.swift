import Foundation
import Notebook
import TestSupport
import Testing
import TinyNetworks
import TinyNumerics

@testable import ImageModels

/// A model that has learned nothing, for images of 2 × 3 pixels, with settings that are nobody's
/// default.
func exampleModelFile(
  _ likelihood: PixelEncoding.Kind = .bernoulli, hidden: [Int] = [5, 3],
  activation: Activation = .tanh,
  latent: Int = 2, brightest: UInt8 = 4
) -> ModelFile {
  let experiment = Experiment(
    likelihood: likelihood, latent: latent, hidden: hidden, activation: activation, epochs: 7,
    batchSize: 20, learningRate: 0.1 + 0.2, beta: 0.5, seed: .max)
  let encoding = PixelEncoding(likelihood, brightest: brightest)
  return ModelFile(
    model: untrained(experiment, encoding: encoding, pixels: 6), experiment: experiment, rows: 2,
    columns: 3, encoding: encoding)
}

@Suite("saved models")
struct ModelFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(of model: ModelFile) throws -> Safetensors {
    let path = folder.path + "/model.safetensors"
    try model.write(to: path)
    return try Safetensors(contentsOf: path)
  }

  @Test("a round trip keeps every bit and every setting", arguments: PixelEncoding.Kind.allCases)
  func roundTrip(likelihood: PixelEncoding.Kind) throws {
    let networks: [([Int], Activation, Int)] = [
      ([4], .relu, 1), ([5, 3], .tanh, 2), ([3, 2, 4], .softplus, 7),
      (Array(repeating: 2, count: 8), .tanh, 3),
    ]
    for (hidden, activation, latent) in networks {
      for brightest: UInt8 in [1, 16, 255] {
        let saved = exampleModelFile(
          likelihood, hidden: hidden, activation: activation, latent: latent, brightest: brightest)
        let path = folder.path + "/model.safetensors"
        try saved.write(to: path)
        let loaded = try ModelFile(contentsOf: path)
        let pairs = [
          (loaded.model.encoder, saved.model.encoder),
          (loaded.model.decoder.network, saved.model.decoder.network),
        ]
        for (a, b) in pairs {
          #expect(a.parameters.map(\.bitPattern) == b.parameters.map(\.bitPattern))
          #expect(a.widths == b.widths && a.activation == activation)
        }
        #expect(loaded.model.decoder.likelihood == saved.model.decoder.likelihood)
        let (a, b) = (loaded.experiment, saved.experiment)
        #expect((a.epochs, a.batchSize, a.learningRate) == (b.epochs, b.batchSize, b.learningRate))
        #expect((a.beta, a.seed, a.likelihood) == (b.beta, b.seed, likelihood))
        #expect((a.hidden, a.latent) == (hidden, latent))
        #expect((loaded.rows, loaded.columns) == (2, 3))
        #expect(loaded.encoding.threshold == saved.encoding.threshold)
        #expect(loaded.encoding.brightest == brightest)
      }
    }
  }

  /// PyTorch's `Linear` keeps W as out × in and computes x Wᵀ + b. Two pixels, one hidden unit, one
  /// latent: every weight has a number of its own.
  @Test("a network made by hand, tensor by tensor")
  func byHand() throws {
    var saved = exampleModelFile(hidden: [1], latent: 1)
    var model = saved.model
    // W₁ (6 × 1), b₁; W₂ (1 × 2), b₂: µ, log σ². Then 1 → 1 → 6.
    model.encoder.parameters = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    model.decoder.network.parameters =
      [20, 21] + (30..<36).map { Float($0) } + (40..<46).map { Float($0) }
    saved = ModelFile(
      model: model, experiment: saved.experiment, rows: 2, columns: 3, encoding: saved.encoding)
    let file = try file(of: saved)
    let expected: [(String, [Int], [Float])] = [
      ("decoder.0.bias", [1], [21]), ("decoder.0.weight", [1, 1], [20]),
      ("decoder.2.bias", [6], [40, 41, 42, 43, 44, 45]),
      ("decoder.2.weight", [6, 1], [30, 31, 32, 33, 34, 35]),
      ("encoder.0.bias", [1], [7]), ("encoder.0.weight", [1, 6], [1, 2, 3, 4, 5, 6]),
      ("encoder.2.bias", [2], [10, 11]), ("encoder.2.weight", [2, 1], [8, 9]),
    ]
    #expect(file.tensors.map(\.name) == expected.map(\.0))
    for (name, shape, values) in expected {
      #expect(file[name]?.shape == shape && file[name]?.values == values, "\(name)")
    }
    #expect(file.metadata["learning_rate"] == "0.30000000000000004")
    #expect(file.metadata["seed"] == "18446744073709551615")
    #expect(file.metadata["hidden"] == "1" && file.metadata["likelihood"] == "bernoulli")
  }

  /// x Wᵀ + b and tanh, from the tensors as PyTorch would read them.
  @Test("x Wᵀ + b of the saved tensors is the network", arguments: PixelEncoding.Kind.allCases)
  func transposed(likelihood: PixelEncoding.Kind) throws {
    let saved = exampleModelFile(likelihood, hidden: [4, 3])
    let file = try file(of: saved)
    func outputs(_ network: String, _ input: [Double]) throws -> [Double] {
      var row = input
      for layer in 0..<3 {
        let weight = try #require(file["\(network).\(2 * layer).weight"])
        let bias = try #require(file["\(network).\(2 * layer).bias"])
        #expect(weight.shape == [bias.values.count, row.count])
        row = bias.values.indices.map { j in
          row.indices.reduce(Double(bias.values[j])) { sum, i in
            sum + Double(weight.values[j * row.count + i]) * row[i]
          }
        }
        if layer < 2 { row = row.map { tanh($0) } }
      }
      return row
    }
    let model = VariationalAutoencoder<Double>(saved.model)
    let (x, z) = ([0.1, 0.9, -0.4, 0, 1, 2], [1.5, -0.3])
    for (ours, theirs) in [
      (model.encoder(Rows([x])).numbers, try outputs("encoder", x)),
      (model.decoder(Rows([z])).numbers, try outputs("decoder", z)),
    ] {
      #expect(ours.count == theirs.count)
      #expect(zip(ours, theirs).allSatisfy { abs($0 - $1) < 1e-12 })
    }
  }

  @Test("which images trained it is remembered, and need not be known")
  func record() throws {
    let plain = exampleModelFile()
    #expect(plain.record == nil)
    let saved = ModelFile(
      model: plain.model, experiment: plain.experiment, rows: 2, columns: 3,
      encoding: plain.encoding, record: TrainingRecord(fingerprint: .max - 3, heldOut: 17))
    let path = folder.path + "/model.safetensors"
    try saved.write(to: path)
    #expect(try ModelFile(contentsOf: path).record == saved.record)
    let file = try Safetensors(contentsOf: path)
    for (key, wrong) in [("images", "xyz"), ("held_out", "-1"), ("held_out", nil)] {
      var metadata = file.metadata
      metadata[key] = wrong
      let error = try failure(naming: "x") {
        _ = try ModelFile(Safetensors(metadata: metadata, tensors: file.tensors), name: "x")
      }
      #expect(error.message.contains(key))
    }
  }

  /// `save_file(tensors, path)` in PyTorch, without or with the usual habit.
  @Test("weights without settings: the keys are named", arguments: [[:], ["format": "pt"]])
  func withoutSettings(metadata: [String: String]) throws {
    let tensors = try file(of: exampleModelFile()).tensors
    let error = try #require(throws: Failure.self) {
      _ = try ModelFile(Safetensors(metadata: metadata, tensors: tensors), name: "x")
    }
    #expect(error.message.contains("metadata=settings"))
    for key in try file(of: exampleModelFile()).metadata.keys {
      #expect(error.message.contains(key))
    }
  }

  @Test("weights that are not finite are not written")
  func notFinite() throws {
    let saved = exampleModelFile()
    var model = saved.model
    model.decoder.network.parameters[3] = .nan
    let path = folder.path + "/nan"
    let broken = ModelFile(
      model: model, experiment: saved.experiment, rows: 2, columns: 3, encoding: saved.encoding)
    let error = try failure(naming: path) { try broken.write(to: path) }
    #expect(error.status == .outputCannotBeCreated)
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
