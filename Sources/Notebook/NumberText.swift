import Foundation

extension Double {
  /// With a fixed number of decimals: "-20.5531".
  public func decimals(_ count: Int) -> String {
    isFinite ? String(format: "%.\(count)f", self == 0 ? 0 : self) : notFinite
  }

  /// With a fixed number of significant digits, in powers of ten only when that is shorter to read.
  public func significant(_ digits: Int) -> String {
    isFinite ? String(format: "%.\(digits)g", self == 0 ? 0 : self) : notFinite
  }

  /// Two digits and a power of ten: "3.1e-09". For residuals and allowances.
  public var scientific: String {
    isFinite ? String(format: "%.1e", self == 0 ? 0 : self) : notFinite
  }

  private var notFinite: String { isNaN ? "nan" : self > 0 ? "inf" : "-inf" }
}
