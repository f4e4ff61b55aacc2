import Foundation

/// One chapter of the companion: a title, options of its own if it has any, and a narration.
///
/// An executable says `@main struct Chapter3: Chapter`, and has its whole command line from here.
public protocol Chapter {
  static var number: Int { get }
  static var title: String { get }
  /// One sentence for `--help`: what running the chapter shows.
  static var summary: String { get }
  /// The options beyond those that every chapter has.
  static var options: [any AnyOption] { get }
  /// The narration: it reads as the chapter's table of contents.
  static func run(in notebook: Notebook) throws
}

/// What a run of a chapter left behind.
public struct Outcome: Sendable {
  public let status: ExitStatus
  public let checks: [Check]
}

extension Chapter {
  public static var options: [any AnyOption] { [] }

  public static func main() {
    holdStandardStreams()
    exit(perform(Array(CommandLine.arguments.dropFirst()), console: .standard).status.rawValue)
  }

  /// The whole command line, in-process: arguments in; words on `console`; status and checks out.
  public static func perform(_ words: [String], console: Console) -> Outcome {
    do {
      let arguments = try Arguments(words, options: options + CommonOption.all)
      if arguments[CommonOption.help] { return try printHelp(on: console) }
      let notebook = try Notebook(
        title: "Chapter \(number) · \(title)", arguments: arguments, console: console)
      try run(in: notebook)
      let status = notebook.finish(self)
      if status == .outputCannotBeWritten { throw outputFailure }
      return Outcome(status: status, checks: notebook.checks)
    } catch {
      let failure = error as? Failure ?? Failure(.inputCannotBeRead, "\(error)")
      console.diagnostics("chapter\(number): \(failure.message.onOneLine)\n")
      return Outcome(status: failure.status, checks: [])
    }
  }

  private static func printHelp(on console: Console) throws -> Outcome {
    do { try console.output(help) } catch { throw outputFailure }
    return Outcome(status: .allChecksHold, checks: [])
  }

  private static var outputFailure: Failure {
    Failure(.outputCannotBeWritten, "standard output cannot be written: is the disk full?")
  }

  private static var help: String {
    return """
      Chapter \(number) · \(title)

      \(Layout.wrap(summary))

      usage: swift run chapter\(number) [options]

      \(optionTable(options + CommonOption.all))

      Exit status: 0 when every check holds, 1 when one does not, 64 for a wrong command line,
      65 and 66 for bad input, 73 and 74 for output that cannot be written.

      """
  }
}

/// The options of `--help`: names on the left, what they mean on the right.
public func optionTable(_ options: [any AnyOption]) -> String {
  let rows = options.map { option in
    ["  --\(option.name)" + (option.placeholder.map { " \($0)" } ?? ""), option.help]
  }
  let column = (rows.map(\.[0].count).max() ?? 0) + 3
  let lines = rows.map { row -> String in
    let text = Layout.wrap(row[1], indent: String(repeating: " ", count: column))
    return row[0] + text.dropFirst(row[0].count)
  }
  return lines.joined(separator: "\n")
}

extension String {
  /// A user's words may hold line breaks and terminal commands: they are shown, not obeyed.
  public var onOneLine: String {
    unicodeScalars.map { scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: scalar.escaped(asASCII: true)
      default: String(scalar)
      }
    }.joined()
  }
}
