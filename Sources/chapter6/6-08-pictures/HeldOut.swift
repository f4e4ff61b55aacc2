import Figures
import ImageModels
import Notebook
import TinyNumerics

/// Held-out images as the pictures show them.
extension Study {
  func heldOutImage(_ i: Int) -> [Double] {
    let brightest = Double(encoding.levels - 1)
    switch encoding.likelihood {
    case .gaussian: return dataset.heldOut.levels[i].map { Double($0) / brightest }
    default: return Array(examined[i])
    }
  }

  var hasLabels: Bool { !dataset.heldOut.labels.isEmpty }

  func heldOutClass(_ i: Int) -> Int { hasLabels ? Int(dataset.heldOut.labels[i]) : 0 }

  /// The class as one letter or digit; without labels a dot.
  func heldOutLabel(_ i: Int) -> String {
    guard hasLabels else { return "·" }
    return heldOutClass(i) < 36 ? String(heldOutClass(i), radix: 36) : "+"
  }

  /// The first examined image and the first of another class, or else the second; nil if it is the
  /// only one.
  var interpolationEnds: (Int, Int)? {
    let classes = (0..<dataset.examinedCount).map(heldOutClass)
    guard classes.count > 1 else { return nil }
    return (0, classes.firstIndex { $0 != classes[0] } ?? 1)
  }

  /// "from a held-out 1 to a held-out 7".
  var interpolationWords: String {
    guard hasLabels, let (a, b) = interpolationEnds else {
      return "from one held-out image to another"
    }
    return heldOutClass(a) == heldOutClass(b)
      ? "from a held-out \(heldOutLabel(a)) to another"
      : "from a held-out \(heldOutLabel(a)) to a held-out \(heldOutLabel(b))"
  }

  /// How many pictures stand side by side on a page: five if they fit.
  func picturesAcross(_ width: Int) -> Int {
    let columns = shrinking(width).columns
    return max(1, min(5, (width - 2 + ShadedImage.gap) / (2 * columns + ShadedImage.gap)))
  }

  func row(_ pictures: [[Double]], width: Int) -> String {
    ShadedImage.row(
      pictures.map { picture in
        let small = shrunk(
          picture, rows: dataset.rows, columns: dataset.columns, by: shrinking(width).factor)
        return ShadedImage(small.pixels, width: small.columns)
      })
  }

  /// Three pictures fit a line of the page, two characters a pixel, and none has more than 16 rows.
  private func shrinking(_ width: Int) -> (factor: Int, columns: Int) {
    let most = max(1, min(16, ((width - 2 + ShadedImage.gap) / 3 - ShadedImage.gap) / 2))
    let factor = max((dataset.columns + most - 1) / most, (dataset.rows + 15) / 16)
    return (factor, (dataset.columns + factor - 1) / factor)
  }
}

/// A picture for the terminal: the means of blocks of pixels, at the right and lower edge of what
/// there is of them.
func shrunk(
  _ picture: [Double], rows: Int, columns: Int, by factor: Int
) -> (pixels: [Double], columns: Int) {
  let width = (columns + factor - 1) / factor
  let pixels = stride(from: 0, to: rows, by: factor).flatMap { y in
    stride(from: 0, to: columns, by: factor).map { x in
      mean(
        (y..<min(y + factor, rows)).flatMap { row in
          picture[row * columns + x..<row * columns + min(x + factor, columns)]
        })
    }
  }
  return (pixels, width)
}
