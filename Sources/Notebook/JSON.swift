// The checks as data. Written by hand: `JSONEncoder` shuffles keys and drops nulls, and a number
// that is not finite is an error to it.

public enum JSON {
  public static func string(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// The shortest digits that give the same `Double` back; "inf", "-inf" and "nan" as strings.
  static func number(_ value: Double?) -> String {
    guard let value else { return "null" }
    if value.isNaN { return "\"nan\"" }
    return value.isFinite ? "\(value)" : value > 0 ? "\"inf\"" : "\"-inf\""
  }

  public static func object(_ members: [(key: String, value: String)]) -> String {
    "{" + members.map { "\(string($0.key)): \($0.value)" }.joined(separator: ", ") + "}"
  }
}

extension Check {
  var json: String {
    JSON.object([
      ("label", JSON.string(label)), ("identity", JSON.string(identity)),
      ("kind", JSON.string(kind.rawValue)),
      ("lhs", JSON.number(lhs)), ("rhs", JSON.number(rhs)),
      ("difference", JSON.number(difference)), ("allowance", JSON.number(allowance)),
      ("standardError", JSON.number(standardError)), ("z", JSON.number(z)),
      ("holds", holds ? "true" : "false"),
    ])
  }
}
