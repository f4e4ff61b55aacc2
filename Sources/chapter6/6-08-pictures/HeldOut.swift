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

  /// The first held-out image of class 0 and the first of class 1, or the first two images.
  var interpolationEnds: (Int, Int) {
    let classes = (0..<dataset.examinedCount).map(heldOutClass)
    let last = min(1, classes.count - 1)
    return (classes.firstIndex(of: 0) ?? 0, classes.firstIndex(of: 1) ?? last)
  }

  func row(_ pictures: [[Double]]) -> String {
    ShadedImage.row(
      pictures.map { picture in
        let small = shrunk(picture, rows: dataset.rows, columns: dataset.columns)
        return ShadedImage(small.pixels, width: small.columns)
      })
  }
}

/// A picture for the terminal: blocks of pixels are averaged until it is at most 16 wide.
func shrunk(
  _ picture: [Double], rows: Int, columns: Int
) -> (pixels: [Double], columns: Int) {
  let factor = (columns + 15) / 16
  let (height, width) = (rows / factor, columns / factor)
  let pixels = (0..<height * width).map { i in
    let (y, x) = (i / width * factor, i % width * factor)
    let block = (0..<factor).flatMap { dy in
      (0..<factor).map { dx in picture[(y + dy) * columns + x + dx] }
    }
    return mean(block)
  }
  return (pixels, width)
}
