import ImageModels
import TinyNetworks
import TinyNumerics

/// Row 6.15: 6.10's model, smaller, trained three ways from several seeds.
struct Schedules {
  enum Way: String, CaseIterable {
    case plain
    case warmUp = "warm-up"
    case freeBits = "free bits"
  }

  /// What one training leaves: on held-out images, the last epoch.
  struct Run {
    let elbo: Double
    let divergence: Double
    let active: Int
    let history: [ELBOTerms]
  }

  /// By way, one a seed; the same seeds for all.
  private(set) var runs: [Way: [Run]] = [:]

  static let seeds = 5
  static let epochs = 40
  static let warmUp = 20
  static let freeBits = 0.5

  init(_ studies: DigitStudies, eachRun: () -> Void) throws {
    for way in Way.allCases {
      runs[way] = try (0..<Schedules.seeds).map { i in
        defer { eachRun() }
        return try Schedules.run(way, studies, seed: studies.seed &* 100 &+ UInt64(i))
      }
    }
  }

  static func experiment(_ way: Way, epochs: Int = epochs, seed: UInt64) -> Experiment {
    Experiment(
      latent: 6, hidden: [32], epochs: epochs, learningRate: 3e-3,
      warmUp: way == .warmUp ? warmUp : 0, freeBits: way == .freeBits ? freeBits : 0, seed: seed)
  }

  private static func run(_ way: Way, _ studies: DigitStudies, seed: UInt64) throws -> Run {
    let result = try studies.trained(experiment(way, seed: seed))
    let terms = result.history.heldOut[epochs - 1]
    return Run(
      elbo: terms.elbo, divergence: terms.divergence,
      active: LatentUse(of: result.model.guides(for: studies.binaryHeldOut)).activeCount,
      history: result.history.heldOut)
  }

  /// The way less plain training, seed by seed.
  func differences(_ way: Way, _ value: (Run) -> Double) -> Estimate {
    Estimate(zip(runs[way]!, runs[.plain]!).map { value($0) - value($1) })
  }
}
