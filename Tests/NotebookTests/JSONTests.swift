import Foundation
import Testing

@testable import Notebook

@Suite("Checks as data")
struct JSONTests {
  private func parsed(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("the report, to the byte: keys in order, nulls written, nothing else")
  func report() {
    let result = run(["--json", "--end", "badly", "--seed", "18446744073709551615", "--loud"])
    #expect(result.status == .aCheckFailed)
    #expect(result.diagnostics == "")
    #expect(
      result.output == """
        {"chapter": 9, "title": "A \\"sample\\"", "seed": 18446744073709551615, "checks": [
        {"label": "9.1", "identity": "a = b", "kind": "exact", "lhs": 1.0, "rhs": 1.0, \
        "difference": 0.0, "allowance": 0.0, "standardError": null, "z": null, "holds": true},
        {"label": "9.2", "identity": "a = c", "kind": "exact", "lhs": 1.0, "rhs": 2.0, \
        "difference": -1.0, "allowance": 0.5, "standardError": null, "z": null, "holds": false}
        ], "held": 1, "failed": 1}

        """)
  }

  @Test("the report parses, and says what the checks say")
  func parses() throws {
    let report = try parsed(run(["--json", "--end=badly", "--seed=7"]).output)
    #expect(report["chapter"] as? Int == 9)
    #expect(report["title"] as? String == "A \"sample\"")
    #expect(report["seed"] as? Int == 7)
    #expect(report["held"] as? Int == 1)
    #expect(report["failed"] as? Int == 1)
    #expect(report.count == 6)
    let checks = try #require(report["checks"] as? [[String: Any]])
    #expect(checks.count == 2)
    #expect(checks[1]["z"] is NSNull && checks[1]["standardError"] is NSNull)
    #expect(checks[1]["holds"] as? Bool == false)
  }

  @Test("a chapter without checks is an empty list")
  func empty() throws {
    struct Silent: Chapter {
      static let (number, title, summary) = (1, "", "")
      static func run(in notebook: Notebook) {}
    }
    let recorder = Recorder()
    #expect(Silent.perform(["--json"], console: recorder.console()).status == .allChecksHold)
    #expect(try parsed(recorder.output)["checks"] as? [String] == [])
  }

  @Test("every kind, its numbers and its verdict")
  func kinds() throws {
    let checks: [Check] = [
      .exact("3.6", "i", 1.5, 1, allowance: 1), .bound("3.8", "i", lower: 1, upper: 2),
      .monteCarlo("1.9", "i", estimate: 2, standardError: 0.5, exact: 1, promise: 3),
      .trap("3.T", "i", wrong: 1, right: 2, allowance: 0.01),
    ]
    let names = ["exact", "bound", "monteCarlo", "trap"]
    for (check, name) in zip(checks, names) {
      let row = try parsed(check.json)
      #expect(row["kind"] as? String == name)
      #expect(row["label"] as? String == check.label)
      #expect(row["lhs"] as? Double == check.lhs)
      #expect(row["rhs"] as? Double == check.rhs)
      #expect(row["difference"] as? Double == check.difference)
      #expect(row["allowance"] as? Double == check.allowance)
      #expect(row["standardError"] as? Double == check.standardError)
      #expect(row["z"] as? Double == check.z)
      #expect(row["holds"] as? Bool == true)
      #expect(row.count == 10)
    }
    #expect(try parsed(checks[2].json)["z"] as? Double == 2)
  }

  @Test("what is not finite is a string")
  func notFinite() throws {
    let row = try parsed(Check.exact("1.1", "", .infinity, -.infinity, allowance: .nan).json)
    #expect(row["lhs"] as? String == "inf")
    #expect(row["rhs"] as? String == "-inf")
    #expect(row["difference"] as? String == "inf")
    #expect(row["allowance"] as? String == "nan")
  }

  @Test(
    "numbers come back as they were, in as few digits as that takes",
    arguments: [
      0.1, -0.0, 1.0 / 3, 1e22, 1e-7, 123_456_789, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
      .leastNormalMagnitude, 0.1 + 0.2,
    ])
  func roundTrip(_ value: Double) throws {
    let text = JSON.number(value)
    #expect(Double(text) == value)
    #expect(try JSONDecoder().decode([Double].self, from: Data("[\(text)]".utf8)) == [value])
    let digits = text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }
    #expect(digits.count <= 18)
    #expect(JSON.number(0.1) == "0.1" && JSON.number(0.1 + 0.2) == "0.30000000000000004")
  }

  @Test("strings come back as they were, whatever they hold")
  func strings() throws {
    let controls = String(String.UnicodeScalarView((0...0x9f).compactMap { Unicode.Scalar($0) }))
    for text in [
      "", controls, "a\"b\\c/d", "log p(x) ≥ ELBO, σ²µ", "👩‍👩‍👧‍👦 🇸🇪", "\r\n", "e\u{301}",
      "\u{2028}\u{2029}\u{feff}",
      "\u{10ffff}\u{ffff}",
    ] {
      let quoted = JSON.string(text)
      #expect(quoted.unicodeScalars.allSatisfy { $0.value >= 0x20 })
      let back = try JSONSerialization.jsonObject(with: Data("[\(quoted)]".utf8)) as? [String]
      #expect(back?.first.map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
    }
  }
}
