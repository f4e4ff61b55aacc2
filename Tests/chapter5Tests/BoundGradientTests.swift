import Testing
import TinyNumerics

@testable import chapter5

@Suite("eq. 5.11: gradients of L_k")
struct BoundGradientTests {
  private let channel = Channel.example
  private let q = Chapter5.boundGuide

  @Test("k = 1: the gradients of 5.7; k equal draws count as one, squared weights as 1/k of it")
  func oneDraw() {
    for noise in [-1.3, 0.4, 2] {
      let full = ELBOGradient.sampledDivergence(channel, q, noise: noise).mean
      let path = ELBOGradient.pathOnly(channel, q, noise: noise).mean
      for k in [1, 4] {
        let draws = Array(repeating: noise, count: k)
        #expect(abs(BoundGradient.encoder(channel, q, noise: draws) - full) < 1e-13)
        let reparameterized = BoundGradient.doublyReparameterized(channel, q, noise: draws)
        #expect(abs(reparameterized - path / Double(k)) < 1e-13)
      }
    }
  }

  @Test("the decoder's and the encoder's draw are derivatives of log (1/k) Σ w at frozen noise")
  func frozen() {
    let noise = [0.3, -1.1, 0.8]
    func bound(_ channel: Channel, _ q: Normal) -> Double {
      logMeanExp(noise.map { channel.logWeight(q, noise: $0) })
    }
    let byWeight = slope(at: channel.weight) { bound(channel.moved(weight: $0), q) }
    let byMean = slope(at: 0) { bound(channel, q.moved(by: $0)) }
    #expect(abs(BoundGradient.decoder(channel, q, noise: noise) - byWeight) < 1e-9)
    #expect(abs(BoundGradient.encoder(channel, q, noise: noise) - byMean) < 1e-9)
  }

  @Test("means and mean squares without sampling, against draws", arguments: BoundGradient.allCases)
  func moments(gradient: BoundGradient) {
    let ratio = SignalToNoise(gradient, channel, q)
    var generator = Threefry(seed: 511)
    for k in [1, 3, 20] {
      var (mean, square) = (Estimate(), Estimate())
      for _ in 0..<20_000 {
        let draw = gradient(channel, q, noise: (0..<k).map { _ in generator.normal() })
        mean.add(draw)
        square.add(draw * draw)
      }
      #expect(abs(mean.mean - ratio.mean(draws: k).value) < 5 * mean.standardError)
      #expect(abs(square.mean - ratio.square(draws: k).value) < 5 * square.standardError)
      #expect(ratio.mean(draws: k).error < 1e-10 && ratio.square(draws: k).error < 1e-10)
    }
  }

  @Test("k = 1: ELBO gradients and the variances of 5.7, in closed form")
  func elbo() {
    let exact = elboGradient(channel, q).mean
    for (gradient, estimator) in [
      (BoundGradient.encoder, ELBOGradient.sampledDivergence),
      (.doublyReparameterized, .pathOnly),
    ] {
      let ratio = SignalToNoise(gradient, channel, q)
      let variance = estimator.variance(channel, q).mean
      #expect(abs(ratio.mean(draws: 1).value - exact) < 1e-10)
      #expect(abs(ratio.square(draws: 1).value - exact * exact - variance) < 1e-9)
    }
  }

  @Test("the decoder's signal rises like √k, the encoder's falls, and rises doubly reparameterized")
  func exponents() {
    let exponents = BoundGradient.allCases.map {
      SignalToNoise($0, channel, q).exponent(draws: 512)
    }
    for (exponent, exact) in zip(exponents, [0.5, -0.5, 0.5]) {
      #expect(abs(exponent - exact) < 0.003)
    }
  }
}
