/// How a chapter ends, by the numbers of BSD's `sysexits`.
public enum ExitStatus: Int32, Sendable {
  case allChecksHold = 0
  case aCheckFailed = 1
  case wrongCommandLine = 64
  case inputIsNotWhatItClaims = 65
  case inputCannotBeRead = 66
  case outputCannotBeCreated = 73
  case outputCannotBeWritten = 74
}

/// Bad input from outside (a flag, a file): one line that names the input, the fault and the
/// remedy.
public struct Failure: Error, Equatable, Sendable, CustomStringConvertible {
  public let status: ExitStatus
  public let message: String

  public init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }

  public var description: String { message }
}
