import Testing

@testable import weave

@Suite("Numbers")
struct NumberTests {
  @Test(
    "lines that agree",
    arguments: [
      ("a 0.765 b", "a 0.766 b"), ("-9.99   x", "  -10.00 x"), ("1.0e+02", "9.9e+01"),
      ("3.1e-16", "0.0e+00"), ("−0.5", "-0.5"), ("1", "1.00001"), ("12,345", "12345"),
      ("1 = 1   difference 1.0e-16 ≤ 2.0e-16", "1 = 1   difference 0.0e+00 ≤ 3.0e-16"),
      ("0.50 = 0.50   difference 1.0e-09 ≤ 2.0e-01", "0.60 = 0.61   difference 1.0e-08 ≤ 2.0e-01"),
      ("── ─", "─── ──"),
    ])
  func agreeing(_ a: String, _ b: String) {
    #expect(Agreement().agree(a, b))
    #expect(Agreement().agree(b, a))
  }

  @Test(
    "lines that do not",
    arguments: [
      ("a 0.765 b", "a 0.767 b"), ("a 0.765", "b 0.765"), ("0.5", "-0.5"), ("1.0e-05", "2.0e-05"),
      ("13 cases", "14 cases"), ("eq. 3.7  x", "eq. 3.8  x"), ("L_64", "L_65"), ("3.1e-16", "0.1"),
      ("1.5 1.5", "1.5"), ("inf", "nan"), ("5", "6"), ("5%", "5"),
    ])
  func disagreeing(_ a: String, _ b: String) {
    #expect(!Agreement().agree(a, b))
    #expect(!Agreement().agree(b, a))
  }

  @Test("a residual above its allowance never agrees")
  func residual() {
    let line = "1 = 1   difference 3.0e-15 ≤ 2.0e-15"
    #expect(!Agreement().agree(line, line))
  }

  @Test("in a check's sentence and a table's header numbers are words, spaces are free with others")
  func words() {
    #expect(Agreement().firstFault(["✓ eq. 3.1  ratio 0.3"], ["✓ eq. 3.1  ratio 0.4"]) == 0)
    #expect(Agreement().firstFault(["k   3.1", "─   ───"], ["k   3.2", "─   ───"]) == 0)
    #expect(Agreement().firstFault(["ratio 0.3", "a"], ["ratio  0.4", "a"]) == nil)
    #expect(Agreement().firstFault(["a", "ratio 0.3"], ["a", "ratio  0.3"]) == 1)
    #expect(Agreement().firstFault(["a"], ["a", "b"]) == 1)
  }

  @Test("a tolerance, relative or absolute; then consequences and pictures are free")
  func tolerance() {
    #expect(Agreement(tolerance: .relative(0.05)).agree("20.0", "20.9"))
    #expect(!Agreement(tolerance: .relative(0.05)).agree("20.0", "21.2"))
    #expect(Agreement(tolerance: .absolute(0.02)).agree("0.50", "0.52"))
    #expect(!Agreement(tolerance: .absolute(0.02)).agree("0.50", "0.53"))
    let free = Agreement(tolerance: .relative(0.1))
    #expect(free.agree("2.0 ± 0.10 ≈ 2   z = +0.03", "2.1 ± 0.11 ≈ 2   z = -1.20"))
    #expect(free.agree("1.0 ≤ 1.1   margin 0.1", "1.0 ≤ 1.05   margin 0.05"))
    #expect(free.agree("▒▒██ one", "██▒▒ one"))
    #expect(!free.agree("▒▒██ one", "██▒▒ two"))
    #expect(!Agreement().agree("▒▒██ one", "██▒▒ one"))
  }

  @Test("another machine may name another worst case, if the section knows it")
  func worstCase() {
    let section = "  model, guide   ELBO\n  neural, wide   1.0\n  mixture, (1, 2)   2.0"
    func lines(_ name: String, _ value: String, words: String = "a = b") -> [String] {
      [
        "✓ eq. 3.1  \(words), \(name): worst of 2 cases",
        "    \(value) = \(value)   difference 1.0e-16 ≤ 1.0e-15",
      ]
    }
    let agreement = Agreement(section: section)
    let old = lines("neural, wide", "1")
    #expect(agreement.firstFault(old, lines("mixture, (1, 2)", "2")) == nil)
    #expect(agreement.firstFault(lines("linear, wide", "1"), old) == 0)
    #expect(agreement.firstFault(lines("neural, wide", "1", words: "a = c"), old) == 0)
    #expect(agreement.firstFault(old, lines("neural, wide", "2")) == 1)
  }

  @Test("a quoted number is what the sentence ends with, in any of its spellings")
  func spellings() throws {
    func read(_ text: String) -> Double? { Quote(endOf: text)?.value }
    #expect(read("it pays 0.765") == 0.765)
    #expect(read("it pays $-0.765$") == -0.765)
    #expect(read("it pays −0.765") == -0.765)
    #expect(read("it pays **1.0e-9**") == 1.0e-9)
    #expect(read("$1.5 \\times 10^{-3}$") == 1.5e-3)
    #expect(read("1.5·10⁻³") == 1.5e-3)
    #expect(read("12,345") == 12345)
    #expect(read("$12{,}345$") == 12345)
    #expect(read("3 of 12") == 12)
    #expect(read("$`57\\%`$") == 57)
    #expect(read("from x−0.5") == 0.5)
    #expect(read("a1") == nil)
    #expect(read("0.765 nats") == nil)
    #expect(read("") == nil)
  }

  @Test("and agrees with a printed one that rounds to it")
  func rounding() throws {
    func agree(_ quoted: String, _ printed: String, _ tolerance: Tolerance? = nil) throws -> Bool {
      let number = try #require(PrintedNumber(printed))
      return try #require(Quote(endOf: quoted)).agrees(with: number, tolerance: tolerance)
    }
    #expect(try agree("0.765", "0.76514337"))
    #expect(try !agree("0.766", "0.76514337"))
    #expect(try !agree("0.7651", "0.765"))
    #expect(try agree("14", "14.14510856"))
    #expect(try agree("0.454", "-0.454"))
    #expect(try !agree("−0.454", "0.454"))
    #expect(try agree("31%", "0.3125"))
    #expect(try !agree("31", "0.3125"))
    #expect(try agree("0.80", "0.83", .relative(0.05)))
    #expect(try !agree("0.80", "0.83", .absolute(0.02)))
  }

  @Test("a figure agrees element by element; words outside, coordinates nearly")
  func figures() {
    let old = "<svg><path d=\"M1,2L1234,5\"/><text>0.5 x</text></svg>"
    func agree(_ a: String, _ b: String, wordsOnly: Bool = false) -> Bool {
      let fresh = old.replacing(a, with: b)
      return fresh != old && FigureComparison(wordsOnly: wordsOnly).agree(old, fresh)
    }
    #expect(agree("L1234", "L1234.3"))
    #expect(!agree("L1234", "L1235"))
    #expect(!agree("0.5 x", "0.7 x"))
    #expect(!agree("x", "y"))
    #expect(!agree("<path", "<line"))
    #expect(!agree("</svg>", "<g/></svg>"))
    #expect(agree("L1234,5", "L3,4L7,7", wordsOnly: true))
    #expect(agree("0.5 x", "0.7 x", wordsOnly: true))
    #expect(!agree("x", "y", wordsOnly: true))
  }
}
