import Foundation
import TinyNumerics
import ToyModels

/// What the numerics do in a second on this machine: `swift run bench`, or `--json` for the script
/// that compares with PyTorch and NumPy (`chapters/peers/compare.py`).
@main
struct Bench {
  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    guard words.allSatisfy({ $0 == "--json" || $0.hasPrefix("--only=") }) else {
      try? FileHandle.standardError.write(
        contentsOf: Data("bench: takes --json and --only=NAME, not \(words)\n".utf8))
      exit(64)
    }
    let only = words.first { $0.hasPrefix("--only=") }?.dropFirst(7)
    let chosen = workloads.filter { only == nil || $0.name == only! }
    let results = chosen.map { (workload: $0, rate: $0.bestRate()) }
    print(words.contains("--json") ? json(results) : table(results))
  }

  static let workloads: [Workload] =
    trainingWorkloads + productWorkloads + [normals, importanceSampling]

  private static func json(_ results: [(workload: Workload, rate: Double)]) -> String {
    let members = results.map { "\"\($0.workload.name)\": \($0.rate)" } + ["\"memory\": \(memory)"]
    return "{" + members.joined(separator: ", ") + "}"
  }

  private static func table(_ results: [(workload: Workload, rate: Double)]) -> String {
    let lines = results.map { workload, rate in
      workload.name.padding(toLength: 16, withPad: " ", startingAt: 0)
        + String(format: "%12.1f  ", rate) + workload.unit
    }
    return (lines + [String(format: "peak memory %17.1f  MB", memory)]).joined(separator: "\n")
  }

  /// The process's largest resident size so far, in megabytes.
  private static var memory: Double {
    var usage = rusage()
    #if canImport(Darwin)
      getrusage(RUSAGE_SELF, &usage)
      return Double(usage.ru_maxrss) / 1e6  // bytes there
    #else
      getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
      return Double(usage.ru_maxrss) / 1e3  // kilobytes here
    #endif
  }
}

/// Something to be done over and over; its rate is that of the fastest of several repetitions,
/// which is what the machine can do when nothing else disturbs it.
struct Workload: Sendable {
  let name: String
  let unit: String
  /// Prepares, and hands back one repetition; what it returns is how much was done, in units of
  /// `unit` times a second.
  let prepare: @Sendable () -> () -> Double
  var repetitions = 8

  func bestRate() -> Double {
    let repetition = prepare()
    _ = repetition()
    return (0..<repetitions).map { _ in
      let start = DispatchTime.now().uptimeNanoseconds
      let amount = repetition()
      return amount / (Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9)
    }.max() ?? 0
  }
}
