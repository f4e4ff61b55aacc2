import Notebook
import TinyNumerics

extension Chapter8 {
  static func showWeights(in notebook: Notebook) {
    notebook.text(
      """
      Both normals of L_{t−1} have means linear in x_0 and x_t, so their divergence is w_t (ε − \
      ε̂)² + ½(r − 1 − log r), with w_t = β_t²/(2σ_t² α_t (1 − ᾱ_t)) and r = β̃_t/σ_t². With σ_t² \
      = β̃_t the constant is gone, w_t = ½(SNR_{t−1}/SNR_t − 1), and in terms of the data it is \
      ½(SNR_{t−1} − SNR_t)(x_0 − x̂_0)². For the schedule of 8.1, and on the two peaks with the \
      best network:
      """)
    let schedule = Schedule.example
    let terms = (2...schedule.steps).map { t in
      let error = TwoPeaks.data.meanSquaredError(schedule.signalToNoise(t))
      return (t: t, error: error, term: schedule.dataWeight(t) * error)
    }
    notebook.table(
      [
        "t", "w_t, σ² = β̃_t", "w_t, σ² = β_t", "constant, σ² = β_t", "E(x_0 − x̂_0)²",
        "L_{t−1}, σ² = β̃_t",
      ],
      terms.map { t, error, term in
        ["\(t)"]
          + [
            schedule.noiseWeight(t), schedule.noiseWeight(t, variance: schedule.beta(t)),
            schedule.varianceCost(t, variance: schedule.beta(t)), error.value, term.value,
          ].map { $0.decimals(9) }
      })
    for check in weightChecks(schedule) { notebook.check(check) }
    notebook.check(
      .worst(
        "8.5", "½(SNR_{t−1} − SNR_t) E(x_0 − x̂_0)² = L_{t−1}, averaged over x_0 and ε",
        of: terms.map { t, _, term in
          let whole = averagedDivergence(schedule, t)
          return (term.value, whole.value, term.error + whole.error + rounding(1, terms: 640))
        }))
  }

  /// Networks that say anything at all: the identities hold draw by draw.
  private static func weightChecks(_ schedule: Schedule) -> [Check] {
    let cases = (2...schedule.steps).flatMap { t in
      [-1.2, 0.5].flatMap { x0 in
        [-0.7, 1.6].flatMap { noise in
          [-2, 0.1, 1.5].map { predicted in
            StepCase(schedule: schedule, t: t, x0: x0, noise: noise, predicted: predicted)
          }
        }
      }
    }
    func check(
      _ identity: String, _ formula: (StepCase) -> Double, variance: (Int) -> Double
    ) -> Check {
      .worst(
        "8.5", identity,
        of: cases.map { one in
          let divergence = one.divergence(variance: variance(one.t))
          return (formula(one), divergence, rounding(10, divergence))
        })
    }
    return [
      check(
        "w_t (ε − ε̂)² + ½(r − 1 − log r) = D, σ² = β_t",
        { $0.weightedError(variance: schedule.beta($0.t)) }, variance: schedule.beta),
      check(
        "½(SNR_{t−1}/SNR_t − 1)(ε − ε̂)² = D, σ² = β̃_t",
        { schedule.noiseWeight($0.t) * ($0.noise - $0.predicted) * ($0.noise - $0.predicted) },
        variance: schedule.posteriorVariance),
      check(
        "½(SNR_{t−1} − SNR_t)(x_0 − x̂_0)² = D, σ² = β̃_t", \.weightedDataError,
        variance: schedule.posteriorVariance),
    ]
  }

  /// E D over x_0 from the two peaks and ε from N(0, 1), the network's answer being −√(1 − ᾱ) ∂log
  /// q(x_t).
  private static func averagedDivergence(_ schedule: Schedule, _ t: Int) -> Integral {
    let q = TwoPeaks.data.noised(alphaBar: schedule.alphaBar(t), noise: schedule.noise(t))
    let (scale, deviation) = (schedule.alphaBar(t).squareRoot(), schedule.noise(t).squareRoot())
    return Grid(over: -4.5...4.5, count: 72).integrate(with: Grid(over: -8.5...8.5, count: 110)) {
      x0, noise in
      let predicted = -deviation * q.score(scale * x0 + deviation * noise)
      let one = StepCase(
        schedule: schedule, t: t, x0: x0, noise: noise, predicted: predicted)
      return TwoPeaks.data.density(x0) * Normal.standard.density(noise)
        * one.divergence(variance: schedule.posteriorVariance(t))
    }
  }
}
