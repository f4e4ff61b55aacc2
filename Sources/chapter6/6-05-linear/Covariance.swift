import TinyNetworks
import TinyNumerics

/// The covariance over N of data points, a row each, and their mean.
///
/// - Requires: at least one data point.
func covariance(of data: Rows<Double>) -> (mean: [Double], covariance: Matrix) {
  require(!data.isEmpty, "at least one data point")
  let (count, width) = (Double(data.count), data.width)
  let centre = data.reduce(into: [Double](repeating: 0, count: width)) { sums, x in
    for (j, x) in x.enumerated() { sums[j] += x }
  }.map { $0 / count }
  let centred = data.flatMap { zip($0, centre).map(-) }
  var products = [Double](repeating: 0, count: width * width)
  matrixProduct(
    centred, transposed: true, centred, rows: width, depth: data.count, columns: width,
    into: &products)
  return (
    centre, Matrix(rows: width, columns: width) { i, j in products[i * width + j] / count }
  )
}
