import Foundation

/// Where a chapter's words go: results to standard output, progress and complaints to standard
/// error. Tests put a recorder in its place.
public struct Console {
  /// Writes results; throws when the words cannot be delivered (a full disk, say).
  public var output: (String) throws -> Void
  /// Writes diagnostics, and shrugs when nobody listens.
  public var diagnostics: (String) -> Void
  public var outputIsTerminal: Bool
  public var diagnosticsIsTerminal: Bool
  public var environment: [String: String]
  /// How many characters a line of results may have.
  public var width: Int
  /// How many fit in a line of standard error.
  public var diagnosticsWidth: Int

  public init(
    output: @escaping (String) throws -> Void, diagnostics: @escaping (String) -> Void,
    outputIsTerminal: Bool = false, diagnosticsIsTerminal: Bool = false,
    environment: [String: String] = [:], width: Int? = nil, diagnosticsWidth: Int? = nil
  ) {
    self.output = output
    self.diagnostics = diagnostics
    self.outputIsTerminal = outputIsTerminal
    self.diagnosticsIsTerminal = diagnosticsIsTerminal
    self.environment = environment
    self.width = width ?? Layout.standardWidth
    self.diagnosticsWidth = diagnosticsWidth ?? Layout.standardWidth
  }

  /// The console of the process.
  public static var standard: Console {
    let environment = ProcessInfo.processInfo.environment
    func width(_ descriptor: Int32) -> Int? {
      isatty(descriptor) == 1
        ? terminalWidth(descriptor) ?? environment["COLUMNS"].flatMap { Int($0) } : nil
    }
    return Console(
      output: { try FileHandle.standardOutput.write(contentsOf: Data($0.utf8)) },
      diagnostics: { try? FileHandle.standardError.write(contentsOf: Data($0.utf8)) },
      outputIsTerminal: isatty(STDOUT_FILENO) == 1,
      diagnosticsIsTerminal: isatty(STDERR_FILENO) == 1,
      environment: environment,
      // Lines much longer than these are hard to read, much shorter ones hard to fill.
      width: width(STDOUT_FILENO).map { min(max($0, 40), 100) },
      diagnosticsWidth: width(STDERR_FILENO))
  }

  /// Colour is for people: on a terminal that can show it, unless `NO_COLOR` says otherwise.
  var wantsColour: Bool {
    outputIsTerminal && (environment["NO_COLOR"] ?? "").isEmpty && !isDumb
  }

  /// A progress bar needs a terminal that can rewrite a line.
  var wantsProgress: Bool { diagnosticsIsTerminal && !isDumb }

  private var isDumb: Bool { environment["TERM"] == "dumb" }
}

/// The columns of a terminal, if it knows them.
private func terminalWidth(_ descriptor: Int32) -> Int? {
  var size = winsize()
  guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
  return Int(size.ws_col)
}

/// A program may be started without its standard streams. The next files that it opens would get
/// their numbers, and so its words, or would be lost to a program that it starts: /dev/null takes
/// their places, open for reading, so that writing fails as it did.
func holdStandardStreams() {
  var descriptor: Int32
  repeat { descriptor = open("/dev/null", O_RDONLY) } while (0...2).contains(descriptor)
  if descriptor > 2 { close(descriptor) }
  // A reader that has gone is like a disk that is full: writing fails, and work goes on.
  signal(SIGPIPE, SIG_IGN)
}
