import Foundation
import Notebook
import Testing
import TinyNetworks
import TinyNumerics

@testable import ImageModels

/// Which grids the evidence asks for, and what happens where none will do.
@Suite("Reach of the evidence's grid")
struct ReachTests {
  @Test("the narrowest guides do not overflow the count of the grid")
  func count() {
    for (sigma, count) in [(1e-300, 1200), (1e-20, 1200), (0.1, 400), (1, 80), (1e300, 80)] {
      let reach = Reach(narrowest: sigma)
      #expect(reach.grid.count == count)
      #expect(reach.grid.bounds == -8...8)
      #expect(reach.isHopeless == (sigma < 1e-3))
    }
    #expect(Reach(narrowest: 0.1, isCostly: true).grid.count == 200)
    #expect(Reach(narrowest: 0.1, mostCells: 300).grid.count == 300)
    // 1,601 cells are wanted, and 400 times four are the most.
    #expect(Reach(narrowest: 16 / (0.4 * 1601), mostCells: 400).isHopeless)
    #expect(!Reach(narrowest: 16 / (0.4 * 1599), mostCells: 400).isHopeless)
  }

  @Test("far guides push the edges out, and the spacing stays")
  func width() {
    for (mean, edge) in [(0, 8), (3, 8), (3.1, 9), (40, 45)] as [(Double, Double)] {
      let grid = Reach(narrowest: 0.5, farthest: mean).grid
      #expect(grid.bounds == -edge...edge)
      #expect(grid.spacing <= 0.2 && grid.spacing > 0.19)
    }
    #expect(Reach(narrowest: 0.5, farthest: 1400).isHopeless)
  }

  /// Multiplications by hand: a decoder D–h–J has (D + 1) h + (h + 1) J weights, and each of its J
  /// outputs meets every image and twenty multiplications' worth of exponentials.
  @Test("large images get fewer cells, a line as many as a plane has nodes")
  func cost() {
    func most(_ latent: Int, _ hidden: Int, _ pixels: Int, images: Int) -> Int {
      var generator = Threefry(seed: 1)
      let model = VariationalAutoencoder<Double>(
        dataWidth: pixels, hidden: [hidden], latentDimension: latent, activation: .tanh,
        likelihood: .bernoulli, using: &generator)
      return Reach.mostCells(of: model.decoder, imageCount: images)
    }
    #expect(most(2, 128, 64, images: 297) == 1200)
    #expect(most(1, 128, 64, images: 297) == 1_440_000)
    #expect(most(2, 400, 784, images: 50) == 636, "370,464 a node")
    #expect(most(2, 2000, 4096, images: 300) == 125, "9,512,816 a node")
  }

  /// Posteriors that lie at z = ±10, far outside of |z| ≤ 8: one pixel that only such a z explains.
  private func farModel(guideMean: Double) -> VariationalAutoencoder<Double> {
    var generator = Threefry(seed: 2)
    var model = VariationalAutoencoder<Double>(
      dataWidth: 1, hidden: [1], latentDimension: 1, activation: .relu, likelihood: .bernoulli,
      using: &generator)
    // Encoder 1–1–(1, 1): µ = guideMean, log σ² = log 0.01 whatever x.
    model.encoder.parameters = [0, 0, 0, 0, guideMean, Foundation.log(0.01)]
    // Decoder 1–1–1: logit 40 (max(z, 0) − 10).
    model.decoder.network.parameters = [1, 0, 40, -400]
    return model
  }

  /// log p(x = 1) on the grid that the guide asks for.
  private func evidence(guideMean: Double) -> Evidence {
    let (model, images) = (farModel(guideMean: guideMean), Rows([[1.0]]))
    return Evidence.refined(
      of: model.decoder, images: images,
      from: Reach(of: model.decoder, guides: model.guides(for: images)).grid)
  }

  /// p(x = 1) = ∫ φ(z) sigmoid(40 (z − 10)) dz, a little more than P(z > 10) = e^−53.23. SciPy
  /// 1.17: log(quad(lambda z: exp(norm.logpdf(z) - logaddexp(0, -40 * (z - 10))), 8, 14,
  /// points=[10])[0])
  @Test(
    "evidence far out is seen when a guide points there, and missed, but not in silence, when not")
  func farEvidence() {
    let seen = evidence(guideMean: 10)
    #expect(seen.grid.bounds == -15...15)
    #expect(seen.isReliable)
    #expect(abs(seen.logEvidence[0] + 53.12554949094924) < 1e-7)
    let missed = evidence(guideMean: 0)
    #expect(missed.grid.bounds == -8...8)
    #expect(missed.logEvidence[0] < -100, "why the edges are pushed out")
    #expect(!missed.isReliable)
  }

  @Test("a grid that is too coarse says so")
  func coarse() {
    let (decoder, grid) = (farModel(guideMean: 10).decoder, Grid(over: -15...15, count: 40))
    let coarse = Evidence(of: decoder, images: Rows([[1]]), grid: grid)
    #expect(!coarse.isReliable)
    #expect(coarse.largestError > coarse.tolerance)
    // Reliable for who asks for no more than there is.
    let error = coarse.largestError
    for (tolerance, isReliable) in [(error, true), (error * 0.99, false)] {
      let asked = Evidence(of: decoder, images: Rows([[1]]), grid: grid, tolerance: tolerance)
      #expect(asked.isReliable == isReliable)
    }
  }
}

/// What a machine has no room for.
@Suite("Memory")
struct MemoryTests {
  private func dataset() throws -> Dataset { try .digits() }

  @Test("weights are counted as the networks count them")
  func weights() throws {
    let digits = try dataset()
    for kind in PixelEncoding.Kind.allCases {
      let experiment = Experiment(likelihood: kind, latent: 3, hidden: [20, 10])
      let encoding = PixelEncoding(kind, brightest: 16)
      let model = untrained(experiment, encoding: encoding, pixels: 64)
      let footprint = Footprint(of: experiment, on: digits, encoding: encoding)
      #expect(
        footprint.weights
          == model.encoder.parameterCount + model.decoder.network.parameterCount)
      #expect(footprint.bytes > 32 * footprint.weights)
    }
  }

  @Test("too much is refused with a remedy before anything starts; what fits is not")
  func refused() throws {
    let digits = try dataset()
    let experiment = Experiment(hidden: Array(repeating: 4096, count: 8))
    let encoding = PixelEncoding(.bernoulli, brightest: 16)
    let error = try failure(naming: "--hidden") {
      try requireMemory(for: experiment, on: digits, encoding: encoding, available: 4_000_000_000)
    }
    #expect(error.status == .wrongCommandLine)
    #expect(error.message.contains("there are 4.0"))
    try requireMemory(for: experiment, on: digits, encoding: encoding, available: 64_000_000_000)
    try requireMemory(for: Experiment(), on: digits, encoding: encoding, available: 100_000_000)
  }
}
