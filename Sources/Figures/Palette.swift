extension Mark {
  /// Six series colours in the spirit of Okabe and Ito, the colour of text, and a grey for asides.
  ///
  /// Every one keeps a contrast of 3 : 1 against the page, and any two differ for readers with
  /// protanopia, deuteranopia or tritanopia as well (ΔE*ab ≥ 19 after Machado et al., 2009).
  public enum Colour: Int, CaseIterable, Sendable {
    case first, second, third, fourth, fifth, sixth, ink, muted

    // One colour means one thing in all figures of the derivation.
    /// p(z).
    public static let prior = Colour.third
    /// p(x|z), as a function of z.
    public static let likelihood = Colour.fifth
    /// p(z|x), and p where D(p‖q) compares two distributions.
    public static let posterior = Colour.first
    /// q(z|x), and q where D(p‖q) compares two distributions.
    public static let guide = Colour.second
    /// D(q‖p), and every gap that is one.
    public static let divergence = Colour.fourth
    /// The ELBO and the bounds above it.
    public static let bound = Colour.sixth
    /// log p(x).
    public static let evidence = Colour.ink

    /// The colour of series i; the seventh series is the first again.
    public static func series(_ i: Int) -> Colour { allCases[((i % 6) + 6) % 6] }

    /// Readable on white and on black alike, for a viewer that ignores media queries.
    var anywhere: String {
      [
        "#0f5fd2", "#b8400f", "#14a05c", "#a14b9d", "#c98500", "#6a88e6", "#6e757c", "#7a8087",
      ][rawValue]
    }

    /// For a dark page.
    var onDark: String {
      [
        "#4f8bf5", "#e56a2b", "#1fd993", "#cb7ab4", "#ffd02a", "#a6d1ff", "#c4ccd4", "#8b949e",
      ][rawValue]
    }

    var className: String { "c\(rawValue)" }
  }

  public enum LineStyle: Sendable {
    case solid, dashed, dotted

    /// The lengths of dashes and gaps, in pixels.
    var dashes: String {
      switch self {
      case .solid: ""
      case .dashed: "7 5"
      case .dotted: "0.1 5"
      }
    }
  }
}

/// The style sheet every figure carries.
enum Style {
  static let labelSize = 12.0
  static let titleSize = 13.0
  static let figureTitleSize = 15.0

  static let lightPage = "#ffffff"
  static let lightInk = "#454c55"
  static let darkPage = "#0d1117"
  static let imageShades = 6

  /// Text has a halo of the page's colour, so it can be read across lines. The rules outside the
  /// media queries assume nothing about the page.
  static var sheet: String {
    let colours = Mark.Colour.allCases
    let rules = colours.map { ".\($0.className){color:\($0.anywhere)}" }
    let dark = colours.map { ".\($0.className){color:\($0.onDark)}" }
    let halo = "text{paint-order:stroke;stroke-width:2.5px;stroke-linejoin:round;stroke:"
    return """
      text{font:\(Int(labelSize))px Helvetica,Arial,"DejaVu Sans",sans-serif;fill:currentColor}
      .tick{font-size:11px}.title{font-size:\(Int(titleSize))px;font-weight:bold}
      .head{font-size:\(Int(figureTitleSize))px;font-weight:bold}
      .line{fill:none;stroke:currentColor;stroke-linecap:round;stroke-linejoin:round}
      .fill{fill:currentColor}
      .axis{fill:none;stroke:currentColor}.grid{fill:none;stroke:currentColor;stroke-opacity:.13}
      .shade{fill:none;shape-rendering:crispEdges}
      \(rules.joined())
      \(shades(paper: 244, ink: 20))
      @media(prefers-color-scheme:light){.c6{color:\(lightInk)}\(halo)\(lightPage)}}
      @media(prefers-color-scheme:dark){\(dark.joined())\(halo)\(darkPage)}
      \(shades(paper: 28, ink: 245))}

      """
  }

  /// Greys from the paper (shade 0) to the ink of images.
  private static func shades(paper: Int, ink: Int) -> String {
    (0...imageShades).map { shade in
      let grey = paper + (ink - paper) * shade / imageShades
      return ".s\(shade){stroke:rgb(\(grey),\(grey),\(grey))}"
    }.joined()
  }
}
