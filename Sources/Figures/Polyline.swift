/// What happens to a polyline, in pixels, before it is written: gaps, clipping, thinning.
enum Polyline {
  /// Cuts a sequence at the elements that have no place.
  static func pieces<T>(_ points: [T?]) -> [[T]] {
    points.split { $0 == nil }.map { $0.compactMap { $0 } }
  }

  /// The parts of a polyline that lie in a rectangle: each segment by Liang and Barsky's method.
  static func clip(_ points: [Point], to box: Box) -> [[Point]] {
    guard points.count > 1 else { return box.contains(points[0]) ? [points] : [] }
    var parts: [[Point]] = []
    var leaves = true
    for (a, b) in zip(points, points.dropFirst()) {
      guard let (start, end) = clip(a, b, to: box) else {
        leaves = true
        continue
      }
      if leaves { parts.append([start]) }
      parts[parts.count - 1].append(end)
      leaves = end != b
    }
    return parts
  }

  private static func clip(_ a: Point, _ b: Point, to box: Box) -> (Point, Point)? {
    let d = Point(x: b.x - a.x, y: b.y - a.y)
    var entry = 0.0
    var exit = 1.0
    // a + t d is on the inner side of an edge where speed · t ≤ room.
    for (speed, room) in [
      (-d.x, a.x - box.left), (d.x, box.right - a.x), (-d.y, a.y - box.top),
      (d.y, box.bottom - a.y),
    ] {
      if speed < 0 { entry = max(entry, room / speed) }
      if speed > 0 { exit = min(exit, room / speed) }
      if speed == 0 && room < 0 { return nil }
    }
    guard entry <= exit else { return nil }
    func at(_ t: Double) -> Point { Point(x: a.x + t * d.x, y: a.y + t * d.y) }
    return (entry == 0 ? a : at(entry), exit == 1 ? b : at(exit))
  }

  /// A polygon cut off at the edges of a rectangle (Sutherland and Hodgman), one edge at a time.
  static func clip(polygon: [Point], to box: Box) -> [Point] {
    let rooms: [(Point) -> Double] = [
      { $0.x - box.left }, { box.right - $0.x }, { $0.y - box.top }, { box.bottom - $0.y },
    ]
    return rooms.reduce(polygon) { polygon, room in
      zip(polygon, polygon.dropFirst() + polygon.prefix(1)).flatMap { a, b in
        let (from, to) = (room(a), room(b))
        let kept = from >= 0 ? [a] : []
        guard (from >= 0) != (to >= 0) else { return kept }
        let t = from / (from - to)
        return kept + [Point(x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y))]
      }
    }
  }

  /// The polyline with as few points as the eye allows.
  static func thin(_ points: [Point]) -> [Point] {
    // More points than four for each column of pixels of a wide figure can only be a scribble.
    simplify(points.count > 4_000 ? columnExtremes(points) : points)
  }

  /// Of the points that fall on one column of pixels only the first, lowest, highest and last.
  private static func columnExtremes(_ points: [Point]) -> [Point] {
    var kept: [Point] = []
    var start = 0
    while start < points.count {
      let column = points[start].x.rounded(.down)
      let end = points[start...].firstIndex { $0.x.rounded(.down) != column } ?? points.count
      let run = start..<end
      let lowest = run.min { points[$0].y < points[$1].y } ?? start
      let highest = run.max { points[$0].y < points[$1].y } ?? start
      for i in Set([start, lowest, highest, end - 1]).sorted() { kept.append(points[i]) }
      start = end
    }
    return kept
  }

  /// Drops the points that lie within a tenth of a pixel of the line without them
  /// (Ramer, Douglas and Peucker).
  private static func simplify(_ points: [Point]) -> [Point] {
    guard points.count > 2 else { return points }
    var keep = Array(repeating: false, count: points.count)
    (keep[0], keep[points.count - 1]) = (true, true)
    var open = [(0, points.count - 1)]
    while let (from, to) = open.popLast() {
      var farthest = (index: from, distance: 0.1)
      for i in (from + 1)..<max(to, from + 1) {
        let distance = distance(points[i], fromSegment: points[from], points[to])
        if distance > farthest.distance { farthest = (i, distance) }
      }
      if farthest.index == from { continue }
      keep[farthest.index] = true
      open += [(from, farthest.index), (farthest.index, to)]
    }
    return zip(points, keep).filter(\.1).map(\.0)
  }

  private static func distance(_ p: Point, fromSegment a: Point, _ b: Point) -> Double {
    let d = Point(x: b.x - a.x, y: b.y - a.y)
    let squaredLength = d.x * d.x + d.y * d.y
    let along = (p.x - a.x) * d.x + (p.y - a.y) * d.y
    let t = squaredLength > 0 ? max(0, min(1, along / squaredLength)) : 0
    let gap = Point(x: p.x - a.x - t * d.x, y: p.y - a.y - t * d.y)
    return (gap.x * gap.x + gap.y * gap.y).squareRoot()
  }
}

/// A rectangle in pixels; y points down.
struct Box: Equatable, Sendable {
  var left: Double
  var top: Double
  var right: Double
  var bottom: Double

  var width: Double { right - left }
  var height: Double { bottom - top }

  func contains(_ p: Point) -> Bool { left <= p.x && p.x <= right && top <= p.y && p.y <= bottom }

  func inset(by margin: Double) -> Box {
    Box(left: left + margin, top: top + margin, right: right - margin, bottom: bottom - margin)
  }
}
