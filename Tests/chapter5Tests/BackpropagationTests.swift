import Foundation
import Testing
import TinyNetworks
import TinyNumerics

@testable import chapter5

@Suite("eq. 5.8: back-propagation against central differences")
struct BackpropagationTests {
  @Test(
    "networks: depths 1 to 4, odd widths", arguments: Activation.allCases,
    [[3, 2], [2, 7, 3], [4, 9, 8, 1], [1, 6, 17, 8, 2]])
  func networks(activation: Activation, widths: [Int]) {
    var generator = Threefry(seed: 580)
    for rows in [1, 9] {
      let comparison = compareGradients(of: widths, activation, rows: rows, using: &generator)
      #expect(comparison.blocks.count == 2 * (widths.count - 1) + 1)
      #expect(comparison.blocks.hold && comparison.worst < 1e-7)
      #expect(comparison.worst > 0, "differences are not the same computation")
      if activation == .relu { #expect(comparison.largestMove < comparison.nearestKink) }
    }
  }

  @Test("the whole ELBO, β and scale included", arguments: Activation.allCases, [0.5, 1, 4])
  func elbo(activation: Activation, beta: Double) {
    var generator = Threefry(seed: 581)
    for hidden in [[], [5], [4, 3]] {
      var elbo = FrozenELBO(activation, hidden: hidden, using: &generator)
      elbo.beta = beta
      elbo.scale = 0.7
      let comparison = elbo.compareGradients()
      #expect(comparison.blocks.hold && comparison.worst < 1e-7 && comparison.worst > 0)
      #expect(relativeError(elbo.loss, elbo.plainLoss) < 1e-13)
      #expect(elbo.singlePrecisionError < 1e-5 && elbo.singlePrecisionError > 1e-9)
    }
  }

  @Test("likelihoods and divergence alone")
  func parts() {
    var generator = Threefry(seed: 582)
    let likelihoods: [Likelihood] = [
      .bernoulli, .categorical(levels: 5), .gaussian(varianceFloor: 0.01),
    ]
    for likelihood in likelihoods {
      let block = FrozenELBO.likelihoodBlock(likelihood, using: &generator)
      #expect([block].hold && block.error < 1e-7)
      let elbo = FrozenELBO(.softplus, likelihood: likelihood, using: &generator)
      #expect(relativeError(elbo.loss, elbo.plainLoss) < 1e-13)
      #expect(Set(elbo.data).count > 1)
    }
    let blocks = FrozenELBO.divergenceBlocks(using: &generator)
    #expect(blocks.hold && blocks.worst < 1e-7 && blocks.count == 6)
  }

  /// ∂D/∂µ = µ and ∂D/∂log σ² = ½(σ² − 1), summed over rows, arrive at the encoder's last bias;
  /// scale · Σ (sigmoid ℓ − x) at the decoder's.
  @Test("by hand: the gradients of the last biases when the decoder does not look at z")
  func byHand() {
    var generator = Threefry(seed: 583)
    var elbo = FrozenELBO(.tanh, hidden: [], using: &generator)
    elbo.cutLatents()
    elbo.beta = 2.5
    let gradients = elbo.sample().gradients(of: elbo.model)
    let guides = elbo.model.guides(for: Rows(elbo.data, width: 5))
    let weight = elbo.beta * elbo.scale
    for d in 0..<2 {
      let byMean = guides.reduce(0) { $0 + weight * $1.mean[d] }
      let byLogVariance = guides.reduce(0) {
        $0 + weight * 0.5 * (square($1.standardDeviation[d]) - 1)
      }
      let biases = gradients.encoder.suffix(4)
      #expect(abs(biases[biases.startIndex + d] - byMean) < 1e-13)
      #expect(abs(biases[biases.startIndex + 2 + d] - byLogVariance) < 1e-13)
    }
    for j in 0..<5 {
      let logit = elbo.model.decoder.network.parameters[10 + j]
      let exact = (0..<elbo.rows).reduce(0) {
        $0 + elbo.scale * (sigmoid(logit) - elbo.data[5 * $1 + j])
      }
      #expect(abs(gradients.decoder[10 + j] - exact) < 1e-13)
    }
  }

  @Test("the plain network computes what the kernels compute", arguments: Activation.allCases)
  func plainNetwork(activation: Activation) {
    var generator = Threefry(seed: 584)
    let network = DenseNetwork<Double>(
      widths: [3, 9, 10, 4], activation: activation, using: &generator)
    let input = [0.3, -1.2, 2.5]
    let (output, sums) = PlainNetwork(network)(input)
    #expect(sums.count == 19)
    for (a, b) in zip(output, network(input, rows: 1)) { #expect(abs(a - b) < 1e-14) }
    // The first layer alone has no activation: its outputs are the first sums.
    var first = DenseNetwork<Double>(widths: [3, 9], activation: activation, using: &generator)
    first.parameters = Array(network.parameters.prefix(36))
    for (a, b) in zip(sums, first(input, rows: 1)) { #expect(abs(a - b) < 1e-14) }
    let blocks = network.blocks
    #expect(blocks.map(\.range.count) == [27, 9, 90, 10, 40, 4])
    #expect(blocks.last!.range.upperBound == network.parameterCount)
  }

  @Test("a wrong gradient shows: one entry off by a part in a million, one block forgotten")
  func wrongGradients() {
    var generator = Threefry(seed: 585)
    let elbo = FrozenELBO(.softplus, using: &generator)
    let right = elbo.sample().gradients(of: elbo.model).encoder
    var wrong = right
    let largest = right.indices.max { abs(right[$0]) < abs(right[$1]) }!
    wrong[largest] *= 1 + 1e-6
    #expect(normwiseError(wrong, right) > 1e-7)
    wrong = right
    for i in elbo.model.encoder.blocks[1].range { wrong[i] = 0 }
    #expect(normwiseError(wrong, right) > 1e-3)
    #expect(normwiseError([.nan], [1]).isNaN)
    #expect(normwiseError([0, 0], [0, 0]) == 0 && normwiseError([1e-9], [0]) == .infinity)
    var comparison = GradientComparison()
    comparison.add("a", backward: [.nan], differences: [Integral(exactly: 1)])
    comparison.add("b", backward: [4], differences: [Integral(exactly: 4, error: 1)])
    #expect(comparison.worst.isNaN && !comparison.blocks.hold)
    #expect(comparison.blocks[1].allowance == 0.25)
    comparison.add("off", backward: [0], differences: [Integral(exactly: 0, error: 1)])
    #expect(comparison.blocks[2].allowance == 0)
  }

  @Test("ReLU: a step across a kink is seen, and rows are kept away from kinks")
  func kinks() {
    var comparison = GradientComparison()
    comparison.watch([0.5, -0.01], moved: [0.5, 0.02])
    #expect(comparison.nearestKink == 0.01 && relativeError(comparison.largestMove, 0.03) < 1e-12)
    var generator = Threefry(seed: 586)
    for _ in 0..<200 {
      let network = DenseNetwork<Double>(
        widths: [2, 8, 8, 1], activation: .relu, using: &generator)
      let row = rowAwayFromKinks(of: network, using: &generator)
      #expect(PlainNetwork(network)(row).sums.allSatisfy { abs($0) >= kinkDistance })
      let elbo = FrozenELBO(.relu, rows: 2, using: &generator)
      #expect(elbo.sums.count == 2 * 22 && elbo.sums.allSatisfy { abs($0) >= kinkDistance })
    }
  }

  @Test("differences: exact where they should be, with the error they say elsewhere")
  func differences() {
    let gradient = centralDifferences(at: [1, -2, 0.5]) { x in x[0] * x[0] * x[1] + 3 * x[2] }
    for (a, b) in zip(gradient, [-4.0, 1, 3]) {
      #expect(abs(a.value - b) < 1e-9 && abs(a.value - b) <= a.error && a.error < 1e-7)
    }
    // error h²/6 · f‴; reported is h²/2 · f‴, and the rounding of f = 1 over h
    let cubic = centralDifferences(at: [1], step: 0.1) { $0[0] * $0[0] * $0[0] }[0]
    #expect(abs(cubic.value - 3.01) < 1e-12)
    #expect(abs(cubic.error - 0.03 - rounding(1) / 0.1) < 1e-13)
  }
}
