import Foundation
import Notebook
import TestSupport
import Testing
import TinyNetworks
import TinyNumerics

@testable import ImageModels

@Suite("models that are not what they claim")
struct ModelFileDamageTests {
  private let good: Safetensors
  private let bytes: Data

  init() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/model.safetensors"
    try exampleModelFile().write(to: path)
    bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    good = try Safetensors(parsing: bytes, name: path)
  }

  /// One clear line with the file's name, status 65.
  @discardableResult
  private func refused(
    _ metadata: [String: String], _ tensors: [Safetensors.Tensor]? = nil
  ) throws -> String {
    let file = Safetensors(metadata: metadata, tensors: tensors ?? good.tensors)
    let error = try #require(throws: Failure.self, "\(metadata)") {
      _ = try ModelFile(file, name: "some file")
    }
    #expect(error.status == .inputIsNotWhatItClaims)
    #expect(error.message.hasPrefix("some file ") && error.message.contains("save the model again"))
    #expect(error.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f })
    #expect(error.message.count < 300, "\(error.message)")
    return error.message
  }

  private func changed(_ key: String, _ value: String?) -> [String: String] {
    var metadata = good.metadata
    metadata[key] = value
    return metadata
  }

  @Test("the file that the damage is done to is a good one")
  func goodFile() throws {
    #expect(try ModelFile(good, name: "x").experiment.epochs == 7)
    #expect(good.metadata.count == 13)
  }

  private static let wrongEverywhere = [
    "", " ", "x", "-1", "1e300", "99999999999999999999", "nan", "inf", "0x", "1,", "é", "1 ", "\n",
    "\u{1b}[31m", String(repeating: "9", count: 5000), String(repeating: "é\n", count: 5000),
  ]
  /// Numbers beside the range of each setting, and words beside the choices.
  private static let wrongOnes: [String: [String]] = [
    "format": ["vae-by-numbers", "vae-by-numbers 2", "VAE-by-numbers 1"],
    "rows": ["0", "3", "65537", "1.0", "9223372036854775807"], "columns": ["0", "2", "65537"],
    "hidden": ["0", "5", "5,3,1", "3,5", "4097,3", "5,3,", ",5,3", "1,1,1,1,1,1,1,1,1", "5;3"],
    "latent": ["0", "1", "3", "257"], "activation": ["Tanh", "gelu", "softplu"],
    "likelihood": ["gaussian", "categorical", "poisson", "Bernoulli"],
    "brightest": ["0", "256", "-4"], "epochs": ["1000000001", "0.5"], "batch": ["0", "100001"],
    "learning_rate": ["0", "1.1", "-0.1", "infinity", "1e-9"], "beta": ["1001", "-0.1", "nan"],
    "seed": ["-1", "18446744073709551616", "1.0"],
  ]

  @Test("every setting missing, and with every wrong value", arguments: wrongOnes.keys.sorted())
  func settings(key: String) throws {
    let value = try #require(good.metadata[key])
    #expect(try refused(changed(key, nil)).contains(key))
    // A plain number is what some of these settings ask for.
    let wrong = ModelFileDamageTests.wrongEverywhere + ModelFileDamageTests.wrongOnes[key]!
    for text in wrong {
      #expect(text != value)
      let message = try refused(changed(key, text))
      #expect(message.contains(key) || message.contains("shape") || message.contains("lacks"))
    }
  }

  @Test("settings that no longer belong to the tensors: a Bernoulli's read as a categorical's")
  func shapes() throws {
    #expect(try refused(changed("likelihood", "categorical")).contains("asks for [30, 5]"))
    #expect(try refused(changed("likelihood", "gaussian")).contains("asks for [12, 5]"))
    #expect(try refused(changed("latent", "3")).contains("asks for [6, 3]"))
    #expect(try refused(changed("hidden", "5")).contains("encoder.2.weight"))
    #expect(try refused(changed("hidden", "5,3,2")).contains("encoder.4.weight"))
    // Two rows of three pixels or three of two: the same network, other pictures.
    var turned = good.metadata
    (turned["rows"], turned["columns"]) = ("3", "2")
    let other = try ModelFile(Safetensors(metadata: turned, tensors: good.tensors), name: "x")
    #expect(other.rows == 3)
  }

  @Test("tensors missing, misnamed, misshapen, and one too many")
  func tensors() throws {
    for (i, tensor) in good.tensors.enumerated() {
      var others = good.tensors
      others.remove(at: i)
      #expect(try refused(good.metadata, others).contains("lacks the tensor \(tensor.name)"))
      try refused(good.metadata, others + [renamed(tensor, tensor.name.uppercased())])
      for shape in [[], [tensor.values.count, 1], [1, tensor.values.count], [0]]
      where shape != tensor.shape {
        let count = shape.reduce(1, *)
        let bent = Safetensors.Tensor(
          name: tensor.name, shape: shape,
          values: (0..<count).map { $0 < tensor.values.count ? tensor.values[$0] : 0 })
        #expect(try refused(good.metadata, others + [bent]).contains("of shape \(shape)"))
      }
      let turned = Safetensors.Tensor(
        name: tensor.name, shape: tensor.shape.reversed(), values: tensor.values)
      if turned.shape != tensor.shape { try refused(good.metadata, others + [turned]) }
    }
    let extra = Safetensors.Tensor(name: "encoder.1.weight", shape: [1], values: [1])
    #expect(try refused(good.metadata, good.tensors + [extra]).contains("more tensors"))
    try refused(good.metadata, [])
    try refused([:])
  }

  private func renamed(_ tensor: Safetensors.Tensor, _ name: String) -> Safetensors.Tensor {
    Safetensors.Tensor(name: name, shape: tensor.shape, values: tensor.values)
  }

  /// 65,536 pixels and eight layers of 4,096 units would be 2.5 GB of weights, three times over:
  /// the first tensor says that they are not there.
  @Test("an architecture of gigabytes is refused for the tensors that it lacks")
  func gigantic() throws {
    var metadata = good.metadata
    (metadata["rows"], metadata["columns"]) = ("256", "256")
    metadata["hidden"] = Array(repeating: "4096", count: 8).joined(separator: ",")
    (metadata["latent"], metadata["likelihood"]) = ("256", "categorical")
    let clock = ContinuousClock()
    let time = try clock.measure {
      for _ in 0..<100 {
        let (misshapen, missing) = (try refused(metadata), try refused(metadata, []))
        #expect(misshapen.contains("asks for [4096, 65536]"))
        #expect(missing.contains("lacks the tensor encoder.0.weight"))
      }
    }
    // A hundredth of a second; the weights themselves would take minutes.
    #expect(time < .seconds(10))
    (metadata["rows"], metadata["columns"]) = ("65536", "65536")
    #expect(try refused(metadata).contains("too many pixels"))
  }

  /// Bits, cuts and insertions anywhere; digits and words of the header changed, its length kept
  /// true.
  @Test("12,000 damaged files: an error, or a model that works, never a trap")
  func damage() throws {
    var generator = Threefry(seed: 13)
    let header = 8 + bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    var (taken, byModel) = (0, 0)
    for round in 0..<12_000 {
      let damaged =
        round % 2 == 0
        ? damagedCopy(of: bytes, header: header, using: &generator)
        : edited(header: header, using: &generator)
      do {
        let file = try Safetensors(parsing: damaged, name: "copy")
        byModel += 1
        let loaded = try ModelFile(file, name: "copy")
        byModel -= 1
        taken += 1
        try use(loaded)
      } catch let error as Failure {
        let tidy =
          error.status == .inputIsNotWhatItClaims && error.message.hasPrefix("copy ")
          && error.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
        if !tidy { Issue.record("\(error.message)") }
      }
    }
    #expect(taken > 600 && byModel > 1000, "\(taken) taken, \(byModel) refused for their metadata")
  }

  /// One draw of the ELBO by the kernels, and by definition: a file that is taken is a Bernoulli's.
  private func use(_ file: ModelFile) throws {
    let model = VariationalAutoencoder<Double>(file.model)
    let pixels = file.rows * file.columns
    var generator = Threefry(seed: 1)
    let image = (0..<pixels).map { _ in UInt8(generator.uniform() * 4.99) }
    guard image.allSatisfy(file.encoding.takes) else { return }
    let x: Rows<Double> = file.encoding.entries([image][...], using: &generator)
    guard isUsable(model, for: x) else { return }
    var sample = ELBOSample(of: model, rows: 1)
    sample.setBatch(x, indices: [0])
    sample.drawNoise(using: &generator)
    sample.differentiate(model, scale: 1, wantsGradient: false)
    let q = model.guides(for: x)[0]
    let z = q.mean.indices.map { q.mean[$0] + q.standardDeviation[$0] * sample.noise[$0] }
    let terms =
      zip(model.decoder(Rows([z])).numbers, x.numbers).map {
        Bernoulli(logit: $0).logProbability($1 == 1)
      } + [-klDivergence(q, relativeTo: .standard(dimension: q.dimension))]
    let magnitude = terms.reduce(0) { $0 + abs($1) }
    #expect(abs(sample.terms.elbo - terms.reduce(0, +)) <= 1e-12 * magnitude)
  }

  /// One or two edits of the header's text.
  private func edited(header: Int, using generator: inout Threefry) -> Data {
    var text = Array(bytes[8..<header])
    for _ in 0..<Int.random(in: 1...2, using: &generator) {
      let digits = text.indices.filter { (0x30...0x39).contains(text[$0]) }
      let place = digits.randomElement(using: &generator)!
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: text[place] = UInt8.random(in: 0x30...0x39, using: &generator)
      case 1: text.insert(UInt8.random(in: 0x30...0x39, using: &generator), at: place)
      case 2: text.remove(at: place)
      default:
        let letters = text.indices.filter { (0x61...0x7a).contains(text[$0]) }
        let letter = letters.randomElement(using: &generator)!
        text[letter] = UInt8.random(in: 0x61...0x7a, using: &generator)
      }
    }
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text
      + bytes[header...]
  }
}
