import Foundation
import TinyNumerics

@testable import Notebook

/// The z-scores of one Monte Carlo check over many seeds, and whether they are standard normal.
struct ZScores: Sendable {
  let chapter: Int
  let label: String
  let identity: String
  private(set) var values: [Double]

  init(values: [Double]) { (chapter, label, identity, self.values) = (0, "", "", values) }

  init(chapter: Int, check: Check) {
    self.chapter = chapter
    label = check.label
    identity = check.identity
    values = []
  }

  /// A check without a z-score (no spread at all, or a number that is not finite) is the worst
  /// there is.
  mutating func add(_ check: Check) { values.append(check.z ?? .infinity) }

  var count: Double { Double(values.count) }
  var mean: Double { Estimate(values).mean }
  var standardDeviation: Double { Estimate(values).variance.squareRoot() }

  /// √n times the mean is standard normal: a bias shows here.
  var pOfMean: Double { 2 * Normal.standard.cdf(-abs(mean) * count.squareRoot()) }

  /// Σ z² is χ² of n degrees of freedom: a standard error that is too large or too small shows
  /// here.
  var pOfSpread: Double {
    let survival = chiSquareSurvival(
      values.reduce(0) { $0 + $1 * $1 }, degreesOfFreedom: values.count)
    return 2 * min(survival, 1 - survival)
  }

  /// Kolmogorov and Smirnov's test: anything else.
  var pOfShape: Double {
    GoodnessOfFit.kolmogorovSmirnov(values, cdf: Normal.standard.cdf).pValue
  }

  /// The p-value of the three tests together, by Bonferroni's inequality.
  var pValue: Double {
    values.allSatisfy(\.isFinite) ? min(1, 3 * min(pOfMean, pOfSpread, pOfShape)) : 0
  }

  /// Beyond five standard errors: about one in 1.7 million, if the z-scores are standard normal.
  var falseAlarms: Int { beyond(5) }

  func beyond(_ limit: Double) -> Int { values.count { !(abs($0) <= limit) } }
}

extension ZScores {
  /// The z-scores of a section's checks over seeds 1, 2, …, `seeds`, which are spread over the
  /// cores.
  static func of(_ section: SampledSection, seeds: Int, share: Double) throws -> [ZScores] {
    var results = [Result<[Check], any Error>?](repeating: nil, count: seeds)
    results.withUnsafeMutableBufferPointer { results in
      nonisolated(unsafe) let results = results
      DispatchQueue.concurrentPerform(iterations: seeds) { k in
        results[k] = Result {
          try section.sampledChecks(seed: UInt64(k + 1), share: share)
        }
      }
    }
    let checks = try results.map { try $0!.get() }
    return checks[0].indices.map { i in
      var scores = ZScores(chapter: section.chapter, check: checks[0][i])
      for one in checks { scores.add(one[i]) }
      return scores
    }
  }
}

extension [ZScores] {
  /// Holm's adjustment: the p-value of each, in order, such that the smallest of all is below α
  /// with a probability of at most α if every z-score is standard normal, however they depend on
  /// each other.
  var adjustedPValues: [Double] {
    let order = indices.sorted { self[$0].pValue < self[$1].pValue }
    var adjusted = [Double](repeating: 1, count: count)
    var largest = 0.0
    for (rank, i) in order.enumerated() {
      largest = Swift.max(largest, Swift.min(1, Double(count - rank) * self[i].pValue))
      adjusted[i] = largest
    }
    return adjusted
  }

  /// For people: every check, and what the chapters come to.
  var report: String {
    let rows = zip(self, adjustedPValues).map { scores, adjusted in
      [
        "\(scores.label)  \(scores.identity)", scores.mean.decimals(3),
        scores.standardDeviation.decimals(3), scores.pOfMean.significant(2),
        scores.pOfSpread.significant(2), scores.pOfShape.significant(2), adjusted.significant(2),
        "\(scores.falseAlarms)",
      ]
    }
    let headings = [
      "check", "mean z", "sd z", "p(mean)", "p(sd)", "p(shape)", "adjusted p", "|z| > 5",
    ]
    return Layout.table(headings, rows, width: 200) + "\n\n" + summary
  }

  private var summary: String {
    let rows = Set(map(\.chapter)).sorted().map { chapter in
      let own = filter { $0.chapter == chapter }
      let adjusted = zip(self, adjustedPValues).filter { $0.0.chapter == chapter }.map(\.1)
      func range(_ values: [Double]) -> String {
        "\((values.min() ?? .nan).decimals(3)) … \((values.max() ?? .nan).decimals(3))"
      }
      return [
        "\(chapter)", "\(own.count)", "\(own.first?.values.count ?? 0)", range(own.map(\.mean)),
        range(own.map(\.standardDeviation)), (adjusted.min() ?? .nan).significant(2),
      ]
        + [2.0, 3, 5].map { limit in
          let expected = own.reduce(0) { $0 + $1.count } * 2 * Normal.standard.cdf(-limit)
          return "\(own.reduce(0) { $0 + $1.beyond(limit) }) (\(expected.significant(2)))"
        }
    }
    let headings = [
      "chapter", "checks", "seeds", "mean z", "sd z", "smallest adjusted p", "|z| > 2 (expected)",
      "|z| > 3 (expected)", "|z| > 5 (expected)",
    ]
    return Layout.table(headings, rows, width: 200)
  }
}
