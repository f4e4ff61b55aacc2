import Foundation

extension Mark {
  /// The points within `radius` standard deviations (Mahalanobis distance) of `centre`.
  /// - Requires: a positive semidefinite covariance; linear axes.
  public static func ellipse(
    centre: (Double, Double), covariance: (xx: Double, xy: Double, yy: Double),
    radius: Double = 1, label: String? = nil, colour: Colour = .first,
    style: LineStyle = .solid, fill opacity: Double = 0
  ) -> Mark {
    Mark(
      Ellipse(
        centre: Point(centre),
        xx: covariance.xx * radius * radius, xy: covariance.xy * radius * radius,
        yy: covariance.yy * radius * radius, style: style, opacity: opacity),
      label: label, colour: colour)
  }
}

struct Ellipse: Shape {
  let centre: Point
  /// The covariance, times the squared radius.
  let xx: Double
  let xy: Double
  let yy: Double
  let style: Mark.LineStyle
  let opacity: Double

  private var isDrawable: Bool {
    [centre.x, centre.y, xx, xy, yy].allSatisfy { abs($0) < 1e300 } && xx >= 0 && yy >= 0
  }

  func extend(_ x: inout Span, _ y: inout Span) {
    guard isDrawable else { return }
    for sign in [-1.0, 1] {
      x.include(centre.x + sign * xx.squareRoot())
      y.include(centre.y + sign * yy.squareRoot())
    }
  }

  /// The semi-axes in pixels, the longer first, and the angle of the longer one in degrees, from
  /// the x axis clockwise: SVG's y points down.
  func axes(in frame: Frame) -> (major: Double, minor: Double, angle: Double) {
    // The covariance of the pixels: the map from values to pixels is linear, C = S Σ Sᵀ.
    let (sx, sy) = (frame.x.pixelsPerUnit, frame.y.pixelsPerUnit)
    let (cxx, cxy, cyy) = (sx * sx * xx, sx * sy * xy, sy * sy * yy)
    // Its eigenvalues: mean ± spread. The semi-axes are their square roots.
    let mean = (cxx + cyy) / 2
    let spread = hypot((cxx - cyy) / 2, cxy)
    let angle = 0.5 * atan2(2 * cxy, cxx - cyy)
    return (sqrt(mean + spread), sqrt(max(0, mean - spread)), angle * 180 / .pi)
  }

  func draw(in frame: Frame) -> String {
    guard frame.x.scale == .linear, frame.y.scale == .linear else {
      fatalError("an ellipse needs linear axes")
    }
    guard isDrawable, let centre = frame.pixel(centre) else { return "" }
    let (major, minor, angle) = axes(in: frame)
    return SVG.element(
      "ellipse",
      [
        "class": "line", "stroke-width": "1.75", "stroke-dasharray": style.dashes,
        "style": "fill:currentColor;fill-opacity:\(SVG.number(opacity))",
        // A flat ellipse is a line; SVG would not draw one of height zero.
        "rx": SVG.number(max(major, 0.05)), "ry": SVG.number(max(minor, 0.05)),
        "transform": "translate(\(SVG.pair(centre))) rotate(\(SVG.number(angle)))",
      ])
  }

  var swatch: Swatch { .line(style, width: 1.75) }
}
