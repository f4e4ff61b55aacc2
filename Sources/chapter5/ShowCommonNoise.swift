import Notebook
import TinyNumerics

extension Chapter5 {
  // MARK: 5.6

  static func showCommonNoise(in notebook: Notebook) {
    notebook.section("5.6", "Common random numbers: a frozen-noise average is an ordinary function")
    notebook.text(
      """
      Draw ε₁ … ε_N once; F(µ, σ) = mean f(µ + σεᵢ) then has finite differences like any function. \
      By Taylor, (F(µ + h) − F(µ − h))/2h = mean f′(zᵢ) + h²/6 · mean f‴(zᵢ) + O(h⁴): the pathwise \
      estimate, and exactly so, for any h, if f is of degree 2.
      """)
    var generator = Threefry(seed: notebook.seed, row: 6)
    let noise = (0..<200).map { _ in generator.normal() }
    for h in [1, 0.1] {
      let frozen = FrozenAverage(f: .square, noise: noise)
      for parameter in Parameter.allCases {
        notebook.check(squareDifferenceCheck(frozen, parameter, step: h))
      }
    }
    showHalving(FrozenAverage(f: .sine, noise: noise), in: notebook)
  }

  /// For f = z² both sides are the same number; F's rounding is divided by h.
  private static func squareDifferenceCheck(
    _ frozen: FrozenAverage, _ parameter: Parameter, step h: Double
  ) -> Check {
    let difference = frozen.centralDifference(guide, step: h)[parameter]
    let pathwise = frozen.pathwise(guide)[parameter]
    let magnitude = frozen.average {
      square(abs(guide.mean) + h + (guide.standardDeviation + h) * abs($0))
    }
    return .exact(
      "5.6", "f = z², \(parameter.derivative), h = \(h.significant(1)): difference = pathwise",
      difference, pathwise, allowance: rounding(magnitude) / h)
  }

  private static func showHalving(_ frozen: FrozenAverage, in notebook: Notebook) {
    notebook.gap()
    notebook.text(
      """
      f = sin z, \(frozen.noise.count) draws: halving h divides the error by 4. With fresh noise \
      at µ ± h instead, the difference scatters by the last column, worse as h shrinks:
      """)
    let pathwise = frozen.pathwise(guide).mean
    func error(_ h: Double) -> Double {
      frozen.centralDifference(guide, step: h).mean - pathwise
    }
    let steps = [0.8, 0.4, 0.2, 0.1, 0.05]
    notebook.table(
      ["h", "difference − pathwise", "ratio to next h", "sd with fresh noise"],
      steps.map { h in
        [
          h.significant(2), error(h).scientific, (error(h) / error(h / 2)).decimals(3),
          freshNoiseDeviation(of: .sine, under: guide, step: h, draws: frozen.noise.count).decimals(
            2),
        ]
      })
    notebook.check(
      .worst(
        "5.6", "sd with fresh noise: Gauss–Hermite = the sine's closed form",
        of: steps.map { h in
          let n = frozen.noise.count
          let closed = freshSineDeviation(under: guide, step: h, draws: n)
          let byRule = freshNoiseDeviation(of: .sine, under: guide, step: h, draws: n)
          return (byRule, closed, allowance: rounding(closed))
        }))
    notebook.check(
      .worst(
        "5.6", "f = sin z: difference − pathwise = h²/6 · mean f‴, to h⁴/120",
        of: steps.flatMap { h in
          Parameter.allCases.map { sineDifferenceCase(frozen, $0, step: h) }
        }))
  }

  /// difference − pathwise against h²/6 · mean f‴(zᵢ) (times εᵢ³ for σ), f = sin, f‴ = −cos. The
  /// next term of Taylor's series is at most h⁴/120 · mean |εᵢ|⁵, since |sin⁽⁵⁾| ≤ 1; rounding of F
  /// is divided by h.
  static func sineDifferenceCase(
    _ frozen: FrozenAverage, _ parameter: Parameter, step h: Double
  ) -> Comparison {
    func power(_ noise: Double, _ n: Int) -> Double {
      parameter == .mean ? 1 : (0..<n).reduce(1) { product, _ in product * noise }
    }
    let difference = frozen.centralDifference(guide, step: h)[parameter]
    let thirdDerivative = frozen.average { noise in
      -frozen.f.slope(NormalPath(to: guide)(noise)) * power(noise, 3)
    }
    return (
      difference - frozen.pathwise(guide)[parameter], h * h / 6 * thirdDerivative,
      allowance: square(h * h) / 120 * frozen.average { abs(power($0, 5)) } + rounding(1) / h
    )
  }
}
