import Testing

@testable import Figures

@Suite("Terminal pictures")
struct TerminalPicturesTests {
  @Test("sparkline: lowest to highest bar")
  func rising() {
    #expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█")
    #expect(sparkline([3, 1, 2]) == "█▁▅")
  }

  @Test("sparkline: nothing, one value, constants, gaps")
  func degenerate() {
    #expect(sparkline([]) == "")
    #expect(sparkline([7]) == "▅")
    #expect(sparkline([2, 2, 2]) == "▅▅▅")
    #expect(sparkline([.nan, .infinity]) == "  ")
    #expect(sparkline([0, .nan, 1, -.infinity]) == "▁ █ ")
  }

  @Test("sparkline: the largest and the smallest numbers")
  func extremes() {
    let huge = Double.greatestFiniteMagnitude
    #expect(sparkline([-huge, 0, huge]) == "▁▅█")
    let tiny = Double.leastNonzeroMagnitude
    #expect(sparkline([0, tiny]) == "▁█")
    #expect(sparkline([-tiny, 0, tiny]) == "▁▅█")
    #expect(sparkline([1, 1.0.nextUp]) == "▁█")
  }

  @Test("image: five shades, two characters a pixel")
  func shades() {
    #expect(ShadedImage([0, 0.25, 0.5, 0.75, 1], width: 5).lines == ["  ░░▒▒▓▓██"])
    #expect(ShadedImage([0, 1, 1, 0], width: 2).lines == ["  ██", "██  "])
  }

  @Test("image: empty, no width, absurd widths and brightnesses, an unfinished row")
  func hostile() {
    #expect(ShadedImage([], width: 8).lines == [])
    #expect(ShadedImage([1], width: 0).lines == [])
    #expect(ShadedImage([1], width: -3).lines == [])
    #expect(ShadedImage([1, 1], width: .max).lines == ["████"])
    #expect(
      ShadedImage([.nan, .infinity, -.infinity, 1e300, -1e300], width: 5).lines == ["      ██  "])
    #expect(ShadedImage([1, 1, 1], width: 2).lines == ["████", "██  "])
  }

  @Test("images side by side keep their columns")
  func row() {
    let tall = ShadedImage([1, 1, 1], width: 1)
    let low = ShadedImage([1, 1], width: 2)
    #expect(ShadedImage.row([low, tall]) == "████  ██\n      ██\n      ██")
    #expect(ShadedImage.row([]) == "")
    #expect(ShadedImage.row([ShadedImage([], width: 1), low]) == "  ████")
  }
}

@Suite("Character plots")
struct CharacterPlotTests {
  @Test("up is up, edges belong to the frame, what lies outside or is not a number is left out")
  func places() {
    let plot = characterPlot(
      [
        (0, 0, "a"), (1, 1, "b"), (0.5, 0.5, "c"), (2, 0, "x"), (.nan, 0, "x"), (0, .infinity, "x"),
        (0.5, 0.5, "d"),
      ], x: 0...1, y: 0...1, width: 3, height: 3)
    #expect(
      plot == """
        ┌───┐
        │  b│
        │ d │
        │a  │
        └───┘
        """)
  }
}
