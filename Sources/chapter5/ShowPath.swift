import Notebook
import TinyNumerics
import ToyModels

extension Chapter5 {
  // MARK: 5.1

  static func showPath(in notebook: Notebook) {
    notebook.section("5.1", "z = µ + σε has the density N(µ, σ²)")
    notebook.text(
      """
      The sample is a function of parameter-free noise ε ~ N(0, 1). Pointwise: log φ(ε) − log \
      dz/dε, on ε's side, against log N(z; µ, σ²), on z's. In mass: ∫ N(z; µ, σ²) dz over an \
      interval, by quadrature, against Φ over the interval of ε that the path maps onto it.
      """)
    notebook.check(
      .worst("5.1", "log φ(ε) − log σ = log N(µ + σε; µ, σ²)", of: changeOfVariablesCases()))
    notebook.check(
      .worst("5.1", "∫ₐᵇ N(z; µ, σ²) dz = Φ((b − µ)/σ) − Φ((a − µ)/σ)", of: massCases()))
    showSample(in: notebook)
  }

  /// Both sides for guides from 10⁻³ to 10³ wide. Rounding z = µ + σε to `Double` moves ε by
  /// ulp·(|µ| + |z|)/σ, and log φ by |ε| times that.
  static func changeOfVariablesCases() -> [Comparison] {
    [-3, 0, 0.8, 100].flatMap { mean in
      [1e-3, 0.2, 1, 7, 1e3].flatMap { sigma in
        stride(from: -6.0, through: 6, by: 0.75).map { noise in
          let q = Normal(mean: mean, standardDeviation: sigma)
          let path = NormalPath(to: q)
          let z = path(noise)
          let shift = (abs(mean) + abs(z)) / sigma
          return (
            path.logDensity(atNoise: noise), q.logDensity(z),
            allowance: 4 * .ulpOfOne * (abs(noise) * (shift + abs(noise)) + 10)
          )
        }
      }
    }
  }

  static func massCases() -> [Comparison] {
    guideGrid.flatMap { q in
      [(-2.0, 0.5), (-0.3, 0.4), (0.6, 3.0)].map { a, b in
        let mass = integrate(over: a...b, q.density)
        let noise = [a, b].map { ($0 - q.mean) / q.standardDeviation }
        let normal = Normal.standard
        return (
          mass.value, normal.cdf(noise[1]) - normal.cdf(noise[0]),
          allowance: mass.error + rounding(1)
        )
      }
    }
  }

  static func showSample(in notebook: Notebook) {
    let q = guide
    let draws = notebook.samples(default: 40_000)
    var generator = Threefry(seed: notebook.seed, row: 1)
    let path = NormalPath(to: q)
    let fit = GoodnessOfFit.kolmogorovSmirnov(
      (0..<draws).map { _ in path(generator.normal()) }, cdf: q.cdf)
    // 2 exp(−2 n D²) = Φ(−5) = 2.9e-7 at √n D = 2.81
    let notices = 2.81 / Double(draws).squareRoot()
    notebook.gap()
    notebook.text(
      """
      A sample of \(draws) draws passes Kolmogorov and Smirnov's test; its p-value, uniform on (0, \
      1) if the density is right, becomes z = Φ⁻¹(p), standard normal. The check and its promise \
      are in units of that z: at −5 a distribution function off by \(notices.significant(2)) \
      anywhere would show.
      """)
    notebook.check(
      .monteCarlo(
        "5.1", "Kolmogorov–Smirnov: µ + σε, ε ~ N(0, 1), is a sample of N(µ, σ²)", estimate: fit.z,
        standardError: 1, exact: 0, promise: 5))
  }

  // MARK: 5.2

  static func showExpectation(in notebook: Notebook) {
    notebook.section("5.2", "E_q[f(z)] = E_ε[f(µ + σε)]")
    notebook.text(
      """
      The left side integrates q(z) f(z) over z by a double exponential rule; the right side \
      integrates φ(ε) f(µ + σε) over ε by equally spaced nodes, or draws ε. The fourth f is what a \
      VAE needs: the log-likelihood of the neural model at x = (0.48, 0.30).
      """)
    let rows = expectationIntegrands.map { name, f in
      let (z, noise) = (
        expectationOverLatents(of: f, under: guide), expectationOverNoise(of: f, under: guide)
      )
      return [name, z.value.significant(12), noise.value.significant(12)]
    }
    notebook.table(["f, under q = N(0.8, 0.6²)", "∫ q(z) f(z) dz", "∫ φ(ε) f(µ + σε) dε"], rows)
    for (name, f) in expectationIntegrands {
      notebook.check(
        .worst(
          "5.2", "E_q f(z) = E_ε f(µ + σε), f = \(name)",
          of: guideGrid.map { q in
            let z = expectationOverLatents(of: f, under: q)
            let noise = expectationOverNoise(of: f, under: q)
            let magnitude = expectationOverNoise(of: { abs(f($0)) }, under: q).value
            return (
              z.value, noise.value,
              allowance: z.error + noise.error + rounding(magnitude)
            )
          }))
    }
    notebook.check(
      .worst(
        "5.2", "E_ε f(µ + σε) = the closed forms of E_q f: z², z³ + z², eᶻ, sin z",
        of: (Integrand.all + [.square]).flatMap { f in
          guideGrid.map { q in
            let noise = expectationOverNoise(of: f.value, under: q)
            let magnitude = expectationOverNoise(of: { abs(f.value($0)) }, under: q).value
            return (
              noise.value, f.expectation(q),
              allowance: noise.error + rounding(magnitude, terms: 480)
            )
          }
        }))
    sampleExpectations(in: notebook)
  }

  static func sampleExpectations(in notebook: Notebook) {
    var generator = Threefry(seed: notebook.seed, row: 2)
    for (name, f) in expectationIntegrands {
      notebook.checkMean(
        "5.2", "mean of f(µ + σε), f = \(name), at N(0.8, 0.6²)",
        exact: expectationOverLatents(of: f, under: guide).value, using: &generator
      ) { noise in f(NormalPath(to: guide)(noise)) }
    }
  }

  static let expectationIntegrands: [(name: String, f: @Sendable (Double) -> Double)] =
    Integrand.all.map { ($0.name, $0.value) } + [("log p(x|z)", ribbonLogLikelihood)]

  @Sendable private static func ribbonLogLikelihood(_ z: Double) -> Double {
    NeuralModel.example.logLikelihood(SIMD2(0.48, 0.30), given: z)
  }
}

/// Eq. 5.2, left side: E_q f = ∫ q(z) f(z) dz over |z − µ| ≤ 12σ, without any path.
func expectationOverLatents(of f: (Double) -> Double, under q: Normal) -> Integral {
  let reach = 12 * q.standardDeviation
  return integrate(over: (q.mean - reach)...(q.mean + reach)) { z in q.density(z) * f(z) }
}

/// Eq. 5.2, right side: E_ε f(µ + σε) = ∫ φ(ε) f(µ + σε) dε over |ε| ≤ 12, by equally spaced nodes.
func expectationOverNoise(of f: (Double) -> Double, under q: Normal) -> Integral {
  let path = NormalPath(to: q)
  return Grid(over: -12...12, count: 480).integrate { noise in
    Normal.standard.density(noise) * f(path(noise))
  }
}
