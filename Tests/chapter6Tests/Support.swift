import Foundation
import TestSupport
import Testing
import TinyNumerics

@testable import ImageModels

/// A folder of 60 images of noise.
func noiseImages(
  _ name: String, rows: Int, columns: Int, brightest: Int, test: Int? = nil,
  in folder: TemporaryFolder
) throws -> String {
  var generator = Threefry(seed: 14)
  func write(_ file: String, count: Int, brightest: Int) throws {
    var bytes = (0..<count * rows * columns).map { _ in
      UInt8(generator.uniform() * (Double(brightest) + 0.99))
    }
    bytes[0] = UInt8(brightest)
    _ = try folder.write(
      IDX(dimensions: [count, rows, columns], bytes: bytes).encoded, name + "/" + file)
  }
  try FileManager.default.createDirectory(
    atPath: folder.path + "/" + name, withIntermediateDirectories: false)
  try write("train-images-idx3-ubyte", count: 60, brightest: brightest)
  if let test { try write("t10k-images-idx3-ubyte", count: 20, brightest: test) }
  return folder.path + "/" + name
}
