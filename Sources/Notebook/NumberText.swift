import Foundation

extension Double {
  /// With a fixed number of decimals: "-20.5531". What rounds to zero has no sign.
  public func decimals(_ count: Int) -> String {
    guard isFinite else { return notFinite }
    let text = String(format: "%.\(count)f", self)
    return text.contains { "123456789".contains($0) } ? text : String(text.drop { $0 == "-" })
  }

  /// With at most so many significant digits, in powers of ten only when that is shorter to read.
  public func significant(_ digits: Int) -> String {
    isFinite ? String(format: "%.\(digits)g", self == 0 ? 0 : self) : notFinite
  }

  /// Two digits and a power of ten: "3.1e-09". For residuals and allowances.
  public var scientific: String {
    isFinite ? String(format: "%.1e", self == 0 ? 0 : self) : notFinite
  }

  private var notFinite: String { isNaN ? "nan" : self > 0 ? "inf" : "-inf" }
}
