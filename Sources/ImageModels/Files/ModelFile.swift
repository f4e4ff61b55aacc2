import Foundation
import Notebook
import TinyNetworks
import TinyNumerics

/// A trained model as a safetensors file: its weights under the names that PyTorch gives to
/// `nn.Sequential(Linear, activation, Linear, …)`, encoder and decoder, and in the metadata what
/// else it takes to use them and how they were trained.
///
/// `encoder.0.weight` is out × in, as in PyTorch: our W of n × m, transposed; `encoder.0.bias` is
/// b; the next layer is `encoder.2`, because the activation is number 1.
public struct ModelFile: Sendable {
  public let model: VariationalAutoencoder<Float>
  /// Architecture and settings. Epochs count all the training that the weights have seen.
  public let experiment: Experiment
  public let rows: Int
  public let columns: Int
  public let encoding: PixelEncoding
  /// Nil where the file does not say: older ones do not, nor may those of other programs.
  public let record: TrainingRecord?

  public init(
    model: VariationalAutoencoder<Float>, experiment: Experiment, rows: Int, columns: Int,
    encoding: PixelEncoding, record: TrainingRecord? = nil
  ) {
    (self.model, self.experiment, self.rows) = (model, experiment, rows)
    (self.columns, self.encoding, self.record) = (columns, encoding, record)
  }

  fileprivate static let format = "vae-by-numbers 1"

  /// Writes the file whole or not at all.
  public func write(to path: String) throws(Failure) {
    let tensors =
      layers(of: model.encoder, "encoder") + layers(of: model.decoder.network, "decoder")
    try Safetensors(metadata: metadata, tensors: tensors).write(to: path)
  }

  private var metadata: [String: String] {
    var texts = settings
    if let record {
      texts["images"] = String(record.fingerprint, radix: 16)
      texts["held_out"] = "\(record.heldOut)"
    }
    return texts
  }

  private var settings: [String: String] {
    [
      "format": ModelFile.format, "rows": "\(rows)", "columns": "\(columns)",
      "hidden": experiment.hidden.map { "\($0)" }.joined(separator: ","),
      "latent": "\(experiment.latent)", "activation": experiment.activation.rawValue,
      "likelihood": experiment.likelihood.rawValue, "brightest": "\(encoding.brightest)",
      "epochs": "\(experiment.epochs)", "batch": "\(experiment.batchSize)",
      "learning_rate": "\(experiment.learningRate)", "beta": "\(experiment.beta)",
      "seed": "\(experiment.seed)",
    ]
  }
}

/// The tensors of one network, layer by layer.
private func layers(of network: DenseNetwork<Float>, _ name: String) -> [Safetensors.Tensor] {
  var tensors: [Safetensors.Tensor] = []
  var rest = network.parameters[...]
  for (layer, (n, m)) in zip(network.widths, network.widths.dropFirst()).enumerated() {
    let weights = Array(rest.prefix(n * m))
    let transposed = (0..<m).flatMap { j in (0..<n).map { weights[$0 * m + j] } }
    let bias = Array(rest.dropFirst(n * m).prefix(m))
    let prefix = "\(name).\(2 * layer)"
    tensors.append(.init(name: prefix + ".weight", shape: [m, n], values: transposed))
    tensors.append(.init(name: prefix + ".bias", shape: [m], values: bias))
    rest = rest.dropFirst((n + 1) * m)
  }
  return tensors
}

extension ModelFile {
  /// Reads a file that `write` wrote. Nothing is believed: every setting has to be one that the
  /// command line would take, and every tensor to have the shape that follows from them.
  public init(contentsOf path: String) throws(Failure) {
    try self.init(Safetensors(contentsOf: path), name: path)
  }

  init(_ file: Safetensors, name: String) throws(Failure) {
    let reader = MetadataReader(values: file.metadata, name: name)
    guard file.metadata["format"] == ModelFile.format else {
      throw reader.lacksSettings
    }
    rows = try reader.integer("rows", in: 1...ImageSet.largest)
    columns = try reader.integer("columns", in: 1...ImageSet.largest)
    guard rows * columns <= ImageSet.largest else { throw reader.unusable("has too many pixels") }
    let brightest = try reader.integer("brightest", in: 1...255)
    experiment = try reader.experiment()
    record = try reader.record()
    encoding = PixelEncoding(experiment.likelihood, brightest: UInt8(brightest))
    let pixels = rows * columns
    let (hidden, latent) = (experiment.hidden, experiment.latent)
    let outputs = pixels * encoding.likelihood.outputsPerEntry
    let encoder = [pixels] + hidden + [2 * latent]
    let decoder = [latent] + hidden.reversed() + [outputs]
    // The tensors first: nothing is made room for that the file does not hold.
    let encoderParameters = try parameters(encoder, "encoder", in: file, reader)
    let decoderParameters = try parameters(decoder, "decoder", in: file, reader)
    guard file.tensors.count == 2 * (encoder.count + decoder.count - 2) else {
      throw reader.unusable("has more tensors than its architecture needs")
    }
    var model = untrained(experiment, encoding: encoding, pixels: pixels)
    model.encoder.parameters = encoderParameters
    model.decoder.network.parameters = decoderParameters
    self.model = model
  }
}

/// The parameters of a network of these widths, in our order.
private func parameters(
  _ widths: [Int], _ network: String, in file: Safetensors, _ reader: MetadataReader
) throws(Failure) -> [Float] {
  var parameters: [Float] = []
  for (layer, (n, m)) in zip(widths, widths.dropFirst()).enumerated() {
    let prefix = "\(network).\(2 * layer)"
    let weight = try reader.tensor(prefix + ".weight", shape: [m, n], in: file)
    let bias = try reader.tensor(prefix + ".bias", shape: [m], in: file)
    for i in 0..<n {
      for j in 0..<m { parameters.append(weight[j * n + i]) }
    }
    parameters += bias
  }
  return parameters
}

/// Settings from a file's metadata, each checked.
private struct MetadataReader {
  let values: [String: String]
  let name: String

  func experiment() throws(Failure) -> Experiment {
    let widths = (values["hidden"] ?? "").split(separator: ",", omittingEmptySubsequences: false)
    let hidden = widths.compactMap { Int($0) }
    guard hidden.count == widths.count, hidden.count <= Experiment.Limits.depth,
      hidden.allSatisfy(Experiment.Limits.width.contains)
    else { throw wrong("hidden") }
    guard let activation = Activation(rawValue: values["activation"] ?? "") else {
      throw wrong("activation")
    }
    guard let likelihood = PixelEncoding.Kind(rawValue: values["likelihood"] ?? "") else {
      throw wrong("likelihood")
    }
    guard let seed = UInt64(values["seed"] ?? "") else { throw wrong("seed") }
    return Experiment(
      likelihood: likelihood, latent: try integer("latent", in: Experiment.Limits.latent),
      hidden: hidden,
      activation: activation, epochs: try integer("epochs", in: 0...1_000_000_000),
      batchSize: try integer("batch", in: Experiment.Limits.batchSize),
      learningRate: try number("learning_rate", in: Experiment.Limits.learningRate),
      beta: try number("beta", in: Experiment.Limits.beta), seed: seed)
  }

  func record() throws(Failure) -> TrainingRecord? {
    guard let images = values["images"] else { return nil }
    guard let fingerprint = UInt64(images, radix: 16) else { throw wrong("images") }
    return TrainingRecord(
      fingerprint: fingerprint, heldOut: try integer("held_out", in: 0...Int(Int32.max)))
  }

  func integer(_ key: String, in range: ClosedRange<Int>) throws(Failure) -> Int {
    guard let value = Int(values[key] ?? ""), range.contains(value) else { throw wrong(key) }
    return value
  }

  func number(_ key: String, in range: ClosedRange<Double>) throws(Failure) -> Double {
    guard let value = Double(values[key] ?? ""), range.contains(value) else { throw wrong(key) }
    return value
  }

  func tensor(_ tensor: String, shape: [Int], in file: Safetensors) throws(Failure) -> [Float] {
    guard let found = file[tensor] else { throw unusable("lacks the tensor \(tensor)") }
    guard found.shape == shape else {
      // A hostile file may give a tensor half a million dimensions.
      let other = found.shape.count <= 4 ? "\(found.shape)" : "of \(found.shape.count) dimensions"
      throw unusable("has \(tensor) of shape \(other), but its metadata asks for \(shape)")
    }
    return found.values
  }

  /// Weights alone, as most programs save them, do not say what they are for.
  var lacksSettings: Failure {
    Failure(
      .inputIsNotWhatItClaims,
      "\(name) has \(values.isEmpty ? "no" : "other") metadata: save the model again with "
        + "save_file(tensors, path, metadata=settings), settings being texts under format "
        + "('\(ModelFile.format)'), rows, columns, hidden, latent, activation, likelihood, "
        + "brightest, epochs, batch, learning_rate, beta and seed")
  }

  func wrong(_ key: String) -> Failure {
    unusable("has no usable \(key) in its metadata, but \(values[key].map(shown) ?? "nothing")")
  }

  func unusable(_ fault: String) -> Failure {
    Failure(.inputIsNotWhatItClaims, "\(name) \(fault): save the model again")
  }
}
