import TinyNetworks
import TinyNumerics

extension LinearVAE {
  /// W row by row, V row by row, log s², log σ².
  var parameters: [Double] {
    get { weights.entriesInOrder + encoder.entriesInOrder + logVariance + [logNoise] }
    set {
      let (j, d) = (dataDimension, latentDimension)
      weights = Matrix(rows: j, columns: d) { newValue[$0 * d + $1] }
      encoder = Matrix(rows: d, columns: j) { newValue[j * d + $0 * j + $1] }
      logVariance = Array(newValue[2 * j * d..<2 * j * d + d])
      logNoise = newValue[2 * j * d + d]
    }
  }

  /// The best of this shape for data of covariance S: BFGS from here on W, V and s², and on σ²
  /// unless it is held fixed.
  ///
  /// It climbs in the coordinates Ṽ = VL with S + δI = LLᵀ, where the encoder sees whitened data:
  /// in V the objective's curvatures would spread as widely as the eigenvalues of S, over six
  /// powers of ten.
  func maximised(
    covariance s: Matrix, beta: Double = 1, noiseIsFixed: Bool = false, tolerance: Double = 1e-9
  ) -> (vae: LinearVAE, ascent: Ascent) {
    let ridge = 1e-6 * trace(s) / Double(dataDimension)  // for pixels that never change
    guard let factor = Cholesky(s + ridge * .identity(dataDimension)) else {
      fatalError("a covariance is positive semidefinite")
    }
    let whitening = factor.whiten(.identity(dataDimension))  // L⁻¹: V = ṼL⁻¹
    let fixed = noiseIsFixed ? [logNoise] : []
    func model(at numbers: [Double]) -> LinearVAE {
      var vae = self
      vae.parameters = numbers + fixed
      vae.encoder = vae.encoder * whitening
      return vae
    }
    var start = self
    start.encoder = encoder * factor.factor
    let ascent = maximise(
      from: Array(start.parameters.dropLast(fixed.count)), tolerance: tolerance, iterations: 2000
    ) { numbers in
      let (value, gradient) = model(at: numbers).objective(covariance: s, beta: beta)
      var slopes = self
      slopes.parameters = gradient
      slopes.encoder = slopes.encoder * whitening.transpose
      return (value, Array(slopes.parameters.dropLast(fixed.count)))
    }
    return (model(at: ascent.point), ascent)
  }
}

/// Steps of Adam up the closed-form ELBO of all the data: sampled training without its noise.
func steppedUp(
  _ start: LinearVAE, covariance: Matrix, steps: Int, learningRate: Double = 0.01
) -> LinearVAE {
  var vae = start
  var parameters = vae.parameters
  var optimiser = Adam<Double>(parameterCount: parameters.count, learningRate: learningRate)
  for _ in 0..<steps {
    let gradient = vae.objective(covariance: covariance).gradient
    optimiser.descend(&parameters, gradient: gradient.map { -$0 })
    vae.parameters = parameters
  }
  return vae
}

extension Matrix {
  /// Row after row.
  var entriesInOrder: [Double] { (0..<rows).flatMap { row($0) } }
}
