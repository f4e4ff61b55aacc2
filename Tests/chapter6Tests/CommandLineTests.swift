import Foundation
import ImageModels
import Notebook
import TestSupport
import Testing
import TinyNetworks
import TinyNumerics

@testable import chapter6

@Suite("Chapter 6's command line")
struct CommandLineTests {
  private func run(_ words: String...) -> (outcome: Outcome, output: String, complaint: String) {
    var (output, complaint) = ("", "")
    let console = Console(output: { output += $0 }, diagnostics: { complaint += $0 })
    let outcome = Chapter6.perform(words, console: console)
    return (outcome, output, complaint)
  }

  /// A narrow network is quick; the checks are the same ones.
  @Test(
    "two epochs: all labels, every check holds; the same bytes again, figures beside them or not")
  func short() throws {
    let first = run("--epochs", "2", "--hidden", "2", "--json")
    #expect(first.outcome.status == .allChecksHold)
    #expect(first.complaint == "")
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(first.output.utf8)) as? [String: Any])
    #expect(report["chapter"] as? Int == 6)
    #expect(report["seed"] as? Int == 1)
    #expect(report["failed"] as? Int == 0)
    let rows = try #require(report["checks"] as? [[String: Any]])
    #expect(report["held"] as? Int == rows.count && !rows.isEmpty)
    #expect(rows.allSatisfy { $0["holds"] as? Bool == true })
    let labels = Set(rows.compactMap { $0["label"] as? String })
    #expect(labels.isSuperset(of: ["6.1", "6.2", "6.3", "6.4", "6.T", "3.8"]))

    let folder = try TemporaryFolder()
    let second = run("--figures", folder.path, "--json", "--hidden=2", "--epochs=2")
    #expect(second.output == first.output)
    let figures = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(!figures.isEmpty)
    #expect(figures.allSatisfy { $0.hasPrefix("chapter6-") && $0.hasSuffix(".svg") })
  }

  @Test(
    "--plain: the loops train like the kernels",
    arguments: PixelEncoding.Kind.allCases.map(\.rawValue))
  func plain(likelihood: String) {
    let result = run("--plain", "--epochs=1", "--hidden=5", "--likelihood", likelihood)
    #expect(result.outcome.status == .allChecksHold, "\(result.output)")
    #expect(result.outcome.checks.count == 4)
    #expect(result.output.contains("6.1"))
  }

  @Test(
    "--plain trains, and does nothing else",
    arguments: ["--save=model", "--history=h.csv", "--generated=x", "--load=model", "--beta=2"])
  func plainAlone(other: String) {
    let result = run("--plain", other)
    #expect(result.outcome.status == .wrongCommandLine)
    #expect(result.output == "")
    #expect(result.complaint.contains("does not go with --plain: choose one of the two"))
  }

  @Test(
    "other models: every check holds, and none is missing",
    arguments: [
      (["--likelihood=gaussian"], 13), (["--latent=1", "--activation=tanh"], 13),
      (["--latent=3", "--hidden=6,4", "--beta=0.5", "--samples=200"], 9),
    ])
  func otherModels(words: [String], count: Int) {
    let (output, complaint) = (Box(), Box())
    let console = Console(output: { output.text += $0 }, diagnostics: { complaint.text += $0 })
    let outcome = Chapter6.perform(
      ["--epochs=2", "--hidden=3", "--held-out=20"].filter { option in
        !words.contains { $0.hasPrefix(option.prefix(9)) }
      } + words, console: console)
    #expect(outcome.status == .allChecksHold, "\(output.text.suffix(2000))")
    #expect(complaint.text == "")
    #expect(outcome.checks.count >= count)
  }

  /// Words that a closure adds to.
  private final class Box: @unchecked Sendable {
    var text = ""
  }

  @Test(
    "what makes no sense: status 64, one line, nothing on standard output",
    arguments: [
      ("--epochs=0", "--epochs takes a whole number from 1 to 100000, not '0'"),
      ("--epochs=-1", "not '-1'"), ("--epochs=1e3", "not '1e3'"),
      ("--epochs=99999999999999999999", "not '99999999999999999999'"),
      ("--epochs", "--epochs needs a value: --epochs N"),
      ("--hidden=0", "--hidden takes up to 8 whole numbers from 1 to 4096, with commas, not '0'"),
      ("--hidden=1000000000", "not '1000000000'"), ("--hidden=5,", "not '5,'"),
      ("--hidden=1,2,3,4,5,6,7,8,9", "not '1,2,3,4,5,6,7,8,9'"),
      (
        "--batch=1501", "--batch 1501 is more than the 1500 images to train on: choose at most 1500"
      ),
      ("--held-out=1797", "--held-out 1797 leaves nothing to train on"),
      ("--latent=0", "--latent takes a whole number from 1 to 256, not '0'"),
      ("--likelihood=poisson", "one of bernoulli, categorical, gaussian, not 'poisson'"),
      ("--activation=gelu", "one of tanh, relu, softplus, not 'gelu'"),
      ("--beta=-1", "--beta takes a number from 0.0 to 1000.0, not '-1'"),
      ("--learning-rate=0", "--learning-rate takes a number from 1e-08 to 1.0, not '0'"),
      ("--learning-rate=nan", "not 'nan'"),
      ("--epoch=3", "unknown option --epoch: did you mean --epochs? see --help"),
    ])
  func wrong(_ word: String, _ complaint: String) {
    let result = run(word)
    #expect(result.outcome.status == .wrongCommandLine)
    #expect(result.output == "", "nothing was started")
    #expect(result.complaint.hasPrefix("chapter6: "))
    #expect(result.complaint.contains(complaint), "\(result.complaint)")
    #expect(result.complaint.filter(\.isNewline).count == 1)
  }

  @Test("--help names the chapter's own options")
  func help() {
    let result = run("--help")
    #expect(result.outcome.status == .allChecksHold)
    for name in ["--epochs N", "--hidden N,N", "--batch N", "--learning-rate X", "--seed K"] {
      #expect(result.output.contains(name))
    }
    // An experiment that nobody changed is the one that the help promises.
    let words = result.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let plain = Experiment()
    for value in [
      plain.likelihood.rawValue, "\(plain.latent)", "\(plain.hidden[0])", plain.activation.rawValue,
      "\(plain.epochs)", "\(plain.batchSize)", "\(plain.learningRate)", "\(Int(plain.beta))",
    ] {
      #expect(words.contains("(default \(value))"))
    }
  }
}
