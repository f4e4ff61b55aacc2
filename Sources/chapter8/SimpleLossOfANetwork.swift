import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

/// Eq. 8.T: a network that predicts the noise, in numbers of one image and T steps.
struct SimpleLossScore: Sendable {
  /// Of each image the mean over t of ‖ε − ε̂‖²: what it was trained on.
  let simple: [Double]
  /// Σ_{t≥2} w_t ‖ε − ε̂‖², and the part of it with SNR_t below 1.
  let steps: [Double]
  let noisySteps: [Double]

  /// One draw of every term for each image ±1.
  init(
    _ denoiser: Denoiser, _ schedule: Schedule, images: Rows<Double>,
    using generator: inout some RandomNumberGenerator
  ) {
    var sums = Array(repeating: (simple: 0.0, steps: 0.0, noisy: 0.0), count: images.count)
    for t in 1...schedule.steps {
      let root = schedule.signalToNoise(t).squareRoot()
      let noise = images.numbers.map { _ in generator.normal() }
      let w = zip(images.numbers, noise).map { root * $0 + $1 }
      let outputs = denoiser.outputs(Rows(w, width: images.width), root: root).numbers
      for i in images.indices {
        let error = (i * images.width..<(i + 1) * images.width).reduce(0) {
          $0 + (noise[$1] - outputs[$1]) * (noise[$1] - outputs[$1])
        }
        sums[i].simple += error / Double(schedule.steps)
        guard t > 1 else { continue }
        sums[i].steps += schedule.noiseWeight(t) * error
        if root < 1 { sums[i].noisy += schedule.noiseWeight(t) * error }
      }
    }
    simple = sums.map(\.simple)
    steps = sums.map(\.steps)
    noisySteps = sums.map(\.noisy)
  }
}

extension DigitStudy {
  func showTraps(in notebook: Notebook) throws {
    Chapter8.showTraps(in: notebook)
    try showNoisePredictor(in: notebook)
  }

  /// "Its loss is 16, the bound of the other network only −18."
  private func showNoisePredictor(in notebook: Notebook) throws {
    let (denoiser, schedule) = (
      try denoiser(.noise, in: notebook), Schedule.pixels(steps: 100)
    )
    var generator = Threefry(seed: seed, row: 13)
    let score = SimpleLossScore(
      denoiser, schedule, images: signs(digits.heldOut), using: &generator)
    notebook.text(
      """
      The same on the digits: a network of 8.10's size that predicts ε itself, trained on the \
      simple loss, T = 100. Read as −ELBO its loss would beat every model of 8.11. Its bound is \
      worse than coin flips, even with L_0 left out: w_t multiplies what it gets wrong where there \
      is little signal (SNR_t < 1).
      """)
    notebook.table(
      ["held-out digits", "mean", "±"],
      [
        ("simple loss", score.simple), ("Σ L_{t−1}", score.steps),
        ("of it, SNR_t < 1", score.noisySteps),
      ].map { name, values in
        [name, mean(values).decimals(2), Estimate(values).standardError.decimals(2)]
      })
    guard isTrained else { return }
    let bound = try self.score(steps: 100, in: notebook)
    notebook.check(
      .claim("8.T", "simple loss + 5 s.e. ≤ −ELBO of 8.10", score.simple, bound.images.map(\.mean)))
    let coins: Double = 64 * log(2)
    notebook.check(
      .claim(
        "8.T", "coin flips' 64 log 2 + 5 s.e. ≤ its own Σ L_{t−1}", score.steps.map { _ in coins },
        score.steps))
  }
}
