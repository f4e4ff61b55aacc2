import Foundation
import Notebook
import TinyNumerics

/// Eq. 1.T, in nats: ways in which people get the VAE's regulariser (eq. 1.9) wrong.
struct Mistake: Sendable {
  let name: String
  /// What the wrong formula gives for a guide.
  let value: @Sendable (DiagonalGaussian) -> Double
  /// What that is, by quadrature: another multiple of D, or the D of another guide.
  let meaning: @Sendable (DiagonalGaussian) -> Integral

  static let all: [Mistake] = [
    Mistake(name: "½ forgotten: Σ (µ² + σ² − 1 − log σ²)") { q in
      sum(q) { mean, deviation in
        mean * mean + deviation * deviation - 1 - 2 * log(deviation)
      }
    } meaning: { q in
      2 * regulariserByQuadrature(q)
    },
    Mistake(name: "σ given where σ² is meant: ½ Σ (µ² + σ − 1 − log σ)") { q in
      sum(q) { mean, deviation in 0.5 * (mean * mean + deviation - 1 - log(deviation)) }
    } meaning: { q in
      let roots = q.standardDeviation.map { $0.squareRoot() }
      return regulariserByQuadrature(DiagonalGaussian(mean: q.mean, standardDeviation: roots))
    },
    Mistake(name: "σ given where log σ² is meant: ½ Σ (µ² + e^σ − 1 − σ)") { q in
      sum(q) { mean, deviation in 0.5 * (mean * mean + exp(deviation) - 1 - deviation) }
    } meaning: { q in
      regulariserByQuadrature(DiagonalGaussian(mean: q.mean, logVariance: q.standardDeviation))
    },
    Mistake(name: "arguments swapped: D(p‖q)") { q in
      klDivergence(.standard(dimension: q.dimension), relativeTo: q)
    } meaning: { q in
      (0..<q.dimension).reduce(Integral(exactly: 0)) {
        $0 + divergenceByQuadrature(.standard, relativeTo: q[$1])
      }
    },
    Mistake(name: "averaged over latent dimensions instead of summed") { q in
      klDivergence(q, relativeTo: .standard(dimension: q.dimension)) / Double(q.dimension)
    } meaning: { q in
      (1 / Double(q.mean.count)) * regulariserByQuadrature(q)
    },
    Mistake(name: "log base 2: bits read as nats") { q in
      sum(q) { mean, deviation in
        // log₂ e = 1/log 2 bits to the nat
        0.5 * ((mean * mean + deviation * deviation - 1) / log(2) - log2(deviation * deviation))
      }
    } meaning: { q in
      (1 / log(2)) * regulariserByQuadrature(q)
    },
  ]

  private static func sum(_ q: DiagonalGaussian, _ term: (Double, Double) -> Double) -> Double {
    zip(q.mean, q.standardDeviation).reduce(0) { $0 + term($1.0, $1.1) }
  }
}

extension Chapter1 {
  static func showMistakes(in notebook: Notebook) {
    notebook.section("1.T", "Traps: what a wrong regulariser costs")
    let q = Guide.example
    let right = regulariserByQuadrature(q)
    notebook.text(
      """
      The guide of 1.9 once more, its divergence by quadrature: \(right.value.decimals(6)) nats. A \
      program runs happily with any of the formulas below, and minimises something else.
      """)
    for mistake in Mistake.all {
      notebook.check(
        .trap(
          "1.T", mistake.name, wrong: mistake.value(q), right: right.value,
          allowance: right.allowance(magnitude: 1 + right.value)))
    }
    notebook.check(
      .worst(
        of: Mistake.all.map { mistake in
          let (value, meaning) = (mistake.value(q), mistake.meaning(q))
          return .exact(
            "1.T",
            "each by quadrature: 2 D, D of N(µ, σ), of N(µ, e^σ), D(p‖q), D/3, D/log 2",
            value, meaning.value, allowance: meaning.allowance(magnitude: 1 + value))
        }))
  }
}
