import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

extension DigitStudy {
  /// The generator's slopes at one image, back through the discriminator, against difference
  /// quotients: of −log D in the noisy image, times that of sigmoid in the logit. With twice the
  /// step for the error.
  func straightThroughCheck(_ players: GAN) -> Check {
    let generator = DenseNetwork<Double>(players.averaged)
    let judge = DenseNetwork<Double>(players.discriminator.network)
    var random = Threefry(seed: seed, row: 11, part: 2)
    func normals(_ count: Int) -> Rows<Double> {
      Rows((0..<count).map { _ in random.normal() }, width: count)
    }
    let logits = generator(normals(generator.inputWidth))
    let uniforms = Rows(logits[0].map { _ in random.uniform() }, width: logits.width)
    let noise = normals(logits.width)
    let slopes = generatorLoss(logits, below: uniforms, noise: noise, judge, over: 1).slopes.numbers
    let shown = zip(zip(uniforms.numbers, logits.numbers), noise.numbers).map {
      ($0.0 < 1 / (1 + exp(-$0.1)) ? 1 : 0) + 0.5 * $1
    }
    func loss(_ j: Int, _ h: Double) -> Double {
      var x = shown
      x[j] += h
      return log(1 + exp(-judge(Rows([x])).numbers[0]))
    }
    func quotient(_ f: (Double) -> Double, _ h: Double) -> Double { (f(h) - f(-h)) / (2 * h) }
    return .worst(
      of: slopes.indices.map { j in
        func product(_ h: Double) -> Double {
          quotient({ loss(j, $0) }, h) * quotient({ 1 / (1 + exp(-logits.numbers[j] - $0)) }, h)
        }
        let (fine, coarse) = (product(1e-3), product(2e-3))
        return .exact(
          "7.11", "the generator's slopes = difference quotients", slopes[j],
          fine, allowance: abs(fine - coarse) + rounding(1, terms: 128) / 1e-3)
      })
  }

  /// log p(x) of the first images, once more: a sum of logarithms over a grid of another spacing.
  func evidenceChecks(_ evidence: Evidence) -> [Check] {
    guard let decoder = generators?.averaged else { return [] }
    let grid = Grid(over: -8...8, count: 3 * evidence.grid.count / 4)
    func sums(_ shifted: Bool) -> [LogSum] {
      let points = Lattice(grid, shifted: shifted, dimension: 2).points
      var sums = [LogSum(), LogSum()]
      for (z, logits) in zip(points, decoder(points)) {
        let pixels = logits.map { Bernoulli(logit: $0) }
        let prior = z.reduce(2 * log(grid.spacing)) { $0 + Normal.standard.logDensity($1) }
        for i in sums.indices {
          sums[i].add(
            zip(digits.heldOut[i], pixels).reduce(prior) { $0 + $1.1.logProbability($1.0 == 1) })
        }
      }
      return sums
    }
    let (plain, shifted) = (sums(false), sums(true))
    return plain.indices.map { i in
      .exact(
        "7.11", "log p(x) = a sum of logarithms over another grid",
        evidence.logEvidence[i], plain[i].value,
        allowance: evidence.error(ofImage: i) + abs(plain[i].value - shifted[i].value)
          + rounding(100, terms: grid.count))
    }
  }

  /// What the classes are read off: the nearest training image, found by bits and by pixels; and
  /// the distance of two histograms.
  func classChecks(_ samples: Samples) throws -> [Check] {
    let byBits = zip(digits.heldOut.bits, digits.heldOutLabels).count {
      nearest.label(of: $0) == $1
    }
    let byPixels = zip(digits.heldOut, digits.heldOutLabels).count { image, label in
      let distances = digits.training.map { other in
        zip(image, other).reduce(0) { $0 + abs($1.0 - $1.1) }
      }
      return digits.trainingLabels[distances.firstIndex(of: distances.min() ?? 0) ?? 0] == label
    }
    let training = classShares(digits.trainingLabels)
    let images =
      [samples.vae, samples.memory] + (samples.gan.map { [$0.averaged, $0.last] } ?? [])
    let shares = images.map { nearest.shares(of: $0.bits) }
    return [
      .exact(
        "7.11", "held-out digits shown by the nearest training image: two ways",
        Double(byBits), Double(byPixels),
        allowance: 0),
      .worst(
        of: shares.map { shares in
          .exact(
            "7.11", "TV: ½ Σ |a − b| = 1 − Σ min(a, b)",
            totalVariation(shares, training),
            1 - zip(shares, training).reduce(0) { $0 + min($1.0, $1.1) },
            allowance: rounding(1))
        }),
    ]
  }
}
