import Notebook
import TinyNumerics

extension Chapter7 {
  static let mean = Option.number(
    "m", in: 0.1...6, default: 1, help: "the mean of the first q = N(m, 1)")

  static func showJensenShannon(in notebook: Notebook) {
    let m = notebook[mean]
    let examples =
      [("N(\(m.significant(3)), 1)", Contest.shifted(by: m))]
      + Contest.examples.dropFirst()
    notebook.text(
      """
      Put into the game, the best discriminator yields the Jensen–Shannon divergence: the mean \
      divergence of p and of q from their average, which is also what an x tells of its label. It \
      lies between 0 and log 2 = 0.6931, and is log 2 only where p and q never make the same x.
      """)
    notebook.table(
      ["p = N(0, 1), q =", "V(D*)", "JS", "D(p‖q)", "D(q‖p)"],
      examples.map { name, contest in
        [
          name, contest.value(of: contest.logRatio).value.decimals(9),
          contest.jensenShannon.value.decimals(9),
          klDivergence(contest.p, relativeTo: contest.q).decimals(4),
          klDivergence(contest.q, relativeTo: contest.p).decimals(4),
        ]
      })
    let routes: [(String, (Contest) -> Integral)] = [
      ("½ V(D*) + log 2", \.jensenShannonByGame),
      ("H(m) − ½ H(p) − ½ H(q)", \.jensenShannonByEntropies),
      ("log 2 − E H(label | x)", \.informationAboutLabel),
      (
        "log 2 − CE of the best",
        { Integral(exactly: log(2)) - $0.crossEntropy(of: $0.logRatio) }
      ),
    ]
    for (name, route) in routes {
      notebook.check(
        .worst(
          of: examples.map { _, contest in
            let (definition, other) = (contest.jensenShannon, route(contest))
            return .exact(
              "7.6", "½ D(p‖m) + ½ D(q‖m) = \(name)", definition.value, other.value,
              allowance: definition.error + other.error + rounding(4))
          }))
    }
    notebook.check(
      .worst(
        of: (0...9).map { shared in
          let (p, q) = dice(sharing: shared)
          return .exact(
            "7.6", "dice that share k faces: JS = (1 − k/10) log 2", jensenShannon(p, q),
            (1 - Double(shared) / 10) * log(2), allowance: rounding(1))
        }))
    notebook.check(
      .worst(
        of: [0, 0.25, 0.5, 1, 2].map { slope in
          let contest = Contest.shifted(by: 1)
          let score = contest.crossEntropy { -slope * $0 }
          return .bound(
            "7.6", "any classifier's CE on fresh x: JS ≥ log 2 − CE",
            lower: log(2) - score.value, upper: contest.jensenShannon.value)
        }))
  }
}
