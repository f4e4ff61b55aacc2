import Testing

@testable import TinyNetworks
@testable import TinyNumerics

/// Hand-derived gradients against central differences, in double precision, from the source that
/// trains in single (ledger 5.8): ‖g − g_numeric‖ ≤ 1e-7 ‖g‖.
@Suite("eq. 5.8: back-propagation")
struct GradientTests {
  /// Central differences of `f` in every entry of `point`; error O(h²) + O(1e-16/h).
  private func numericalGradient(_ point: [Double], _ f: ([Double]) -> Double) -> [Double] {
    let h = 1e-5
    return point.indices.map { i in
      var (up, down) = (point, point)
      up[i] += h
      down[i] -= h
      return (f(up) - f(down)) / (2 * h)
    }
  }

  private func relativeError(_ a: [Double], _ b: [Double]) -> Double {
    let distance = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let size = b.reduce(0) { $0 + $1 * $1 }
    return (distance / size).squareRoot()
  }

  @Test(
    "networks of depth 1 to 4, odd widths, every activation", arguments: Activation.allCases,
    [[3, 2], [2, 7, 3], [5, 6, 1, 4], [1, 9, 17, 8, 2]])
  func network(activation: Activation, widths: [Int]) {
    var generator = Threefry(seed: 5)
    let network = DenseNetwork<Double>(
      widths: widths, activation: activation, using: &generator)
    let rows = 7
    let input = (0..<rows * widths[0]).map { _ in generator.normal() }
    let weights = (0..<rows * network.outputWidth).map { _ in generator.normal() }
    // loss = Σ weights · output, so that ∂loss/∂output = weights
    func loss(_ network: DenseNetwork<Double>, _ input: [Double]) -> Double {
      zip(weights, network(Rows(input, width: network.inputWidth)).numbers).reduce(0) {
        $0 + $1.0 * $1.1
      }
    }
    var tape = Tape(of: network, rows: rows)
    tape.setInput(input)
    network.forward(&tape)
    tape.setOutputGradient(weights)
    var gradient = [Double](repeating: .nan, count: network.parameterCount)
    network.backward(&tape, parameterGradient: &gradient)

    let byParameter = numericalGradient(network.parameters) { parameters in
      var changed = network
      changed.parameters = parameters
      return loss(changed, input)
    }
    #expect(relativeError(gradient, byParameter) < 1e-7)
    let byInput = numericalGradient(input) { loss(network, $0) }
    #expect(relativeError(Array(tape.inputGradient), byInput) < 1e-7)
  }

  @Test("the whole ELBO, in both networks, β = 1 and β = 2.5", arguments: [1, 2.5])
  func elbo(beta: Double) {
    var generator = Threefry(seed: 8)
    let (rows, pixels) = (5, 11)
    var model = VariationalAutoencoder<Double>(
      dataWidth: pixels, hidden: [6, 9], latentDimension: 3, activation: .softplus,
      likelihood: .bernoulli, using: &generator)
    let data = Rows(
      (0..<rows * pixels).map { _ in generator.uniform() < 0.4 ? 1.0 : 0.0 }, width: pixels)
    var sample = ELBOSample(of: model, rows: rows)
    sample.setBatch(data, indices: Array(0..<rows)[...])
    sample.drawNoise(using: &generator)
    let scale = 0.3
    func loss(_ model: VariationalAutoencoder<Double>) -> Double {
      var copy = sample
      copy.differentiate(model, scale: scale, wantsGradient: false)
      return scale * (beta * copy.terms.divergence - copy.terms.reconstruction)
    }
    sample.differentiate(model, scale: scale, beta: beta)
    let original = model
    let gradient = sample.gradients(of: model)
    let byTheta = numericalGradient(model.decoder.network.parameters) {
      model.decoder.network.parameters = $0
      return loss(model)
    }
    #expect(relativeError(gradient.decoder, byTheta) < 1e-7)
    model = original
    let byPhi = numericalGradient(model.encoder.parameters) {
      model.encoder.parameters = $0
      return loss(model)
    }
    #expect(relativeError(gradient.encoder, byPhi) < 1e-7)
  }

  @Test("Float and Double run the same formulas")
  func floatAgreesWithDouble() {
    var generator = Threefry(seed: 9)
    let single = VariationalAutoencoder<Float>(
      dataWidth: 20, hidden: [13], latentDimension: 2, activation: .tanh, likelihood: .bernoulli,
      using: &generator)
    let data = Rows((0..<60).map { _ in generator.uniform() < 0.5 ? 1.0 : 0.0 }, width: 20)
    var a = ELBOSample(of: single, rows: 3)
    a.setBatch(Rows(data.numbers.map { Float($0) }, width: 20), indices: [0, 1, 2])
    a.drawNoise(using: &generator)
    a.differentiate(single, scale: 1)
    let double = VariationalAutoencoder<Double>(single)
    var b = ELBOSample(of: double, rows: 3)
    b.setBatch(data, indices: [0, 1, 2])
    b.noise = a.noise.map { Double($0) }
    b.differentiate(double, scale: 1)
    #expect(abs(a.terms.elbo - b.terms.elbo) < 1e-4)
    let (short, long) = (a.gradients(of: single), b.gradients(of: double))
    #expect(relativeError(short.encoder.map { Double($0) }, long.encoder) < 1e-4)
    #expect(relativeError(short.decoder.map { Double($0) }, long.decoder) < 1e-4)
  }
}
