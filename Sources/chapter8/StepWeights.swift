import TinyNumerics

// Eq. 8.5: a term of the bound as a weighted squared error, t ≥ 2, for one pixel.

extension Schedule {
  /// The mean of a step back whose network predicts the noise: x̂_0 = (x_t − √(1 − ᾱ_t) ε̂)/√ᾱ_t
  /// put for x_0 into µ̃_t gives (x_t − β_t ε̂/√(1 − ᾱ_t))/√α_t.
  func reverseMean(_ t: Int, xt: Double, predictedNoise: Double) -> Double {
    (xt - beta(t) / noise(t).squareRoot() * predictedNoise) / alpha(t).squareRoot()
  }

  /// w_t = β_t²/(2 σ_t² α_t (1 − ᾱ_t)): what a squared error of the noise costs, in nats.
  func noiseWeight(_ t: Int, variance: Double) -> Double {
    beta(t) * beta(t) / (2 * variance * alpha(t) * noise(t))
  }

  /// With σ_t² = β̃_t: w_t = ½ (SNR_{t−1}/SNR_t − 1).
  func noiseWeight(_ t: Int) -> Double {
    0.5 * (signalToNoise(t - 1) / signalToNoise(t) - 1)
  }

  /// With σ_t² = β̃_t a squared error of x_0 costs ½ (SNR_{t−1} − SNR_t).
  func dataWeight(_ t: Int) -> Double {
    0.5 * (signalToNoise(t - 1) - signalToNoise(t))
  }

  /// What a wrong variance costs whatever the network: ½ (r − 1 − log r), r = β̃_t/σ_t².
  func varianceCost(_ t: Int, variance: Double) -> Double {
    0.5 * excessOverLogarithm(posteriorVariance(t) / variance)
  }
}

/// One step back beside what the guide does: where x_0 went, and what a network said about the
/// noise.
struct StepCase {
  let schedule: Schedule
  let t: Int
  let x0: Double
  let noise: Double
  let predicted: Double

  var xt: Double {
    schedule.alphaBar(t).squareRoot() * x0 + schedule.noise(t).squareRoot() * noise
  }

  /// x̂_0 from ε̂, by solving x_t = √ᾱ x̂_0 + √(1 − ᾱ) ε̂.
  var predictedData: Double {
    (xt - schedule.noise(t).squareRoot() * predicted) / schedule.alphaBar(t).squareRoot()
  }

  /// D(q(x_{t−1} | x_t, x_0) ‖ N(µ_θ(x_t), σ_t²)), by the closed form of 1.8.
  func divergence(variance: Double) -> Double {
    let mean = schedule.reverseMean(t, xt: xt, predictedNoise: predicted)
    return klDivergence(
      schedule.posterior(t, x0: x0, xt: xt), relativeTo: Normal(mean: mean, variance: variance))
  }

  /// w_t (ε − ε̂)² + ½ (r − 1 − log r).
  func weightedError(variance: Double) -> Double {
    let error = noise - predicted
    return schedule.noiseWeight(t, variance: variance) * error * error
      + schedule.varianceCost(t, variance: variance)
  }

  /// ½ (SNR_{t−1} − SNR_t) (x_0 − x̂_0)², the case σ_t² = β̃_t.
  var weightedDataError: Double {
    let error = x0 - predictedData
    return schedule.dataWeight(t) * error * error
  }
}
