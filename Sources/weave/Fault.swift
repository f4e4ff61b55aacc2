/// Where a page and what it quotes part ways: what is wrong and what would mend it.
struct Fault: Hashable, CustomStringConvertible {
  let file: String
  let line: Int
  let message: String

  var description: String { "\(file):\(line): \(message)" }
}

/// A fault whose place is not known yet: a marker that cannot be read, a declaration that is not
/// there.
struct Complaint: Error, Equatable {
  let message: String
  init(_ message: String) { self.message = message }
}
