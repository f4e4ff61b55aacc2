import Foundation

/// One chapter of the companion: a title, and rows that read as its table of contents.
///
///     @main
///     struct Chapter3: Chapter {
///       static let number = 3
///       static let title = "The ELBO"
///       static let summary = "Follows the derivation of …"
///
///       static let x = Option.number("x", in: -3...3, default: 0.7, help: "the observed number")
///
///       static let rows: [Row<Void>] = [
///         Row("3.1–3.6", "The derivation, line by line", .main, show: showDerivation),
///         Row("3.8", "A bound on the evidence", .main, set: [x], show: showBound),
///         Row("3.15", "More samples, tighter bound", .further, show: showMoreSamples),
///       ]
///     }
///
/// - `showBound(in:)` is a function of the notebook. The row's heading is printed for it (it calls
///   no
///   `section`), and everything that only this row needs is computed inside it: run alone, nothing
///   else is.
/// - It reads the reader's number as `notebook[x]`: the default, or what `--set x=0.4` says. Where
///   the
///   identity has no finite sides at that number, it says `notebook.undefined("why")` instead of a
///   check;
///   where two numbers do not go together, it throws a `Failure(.wrongCommandLine, …)` before its
///   first word.
/// - What several rows share (a study, a trained model) is the chapter's `State`. It is made by
///   `prepare(in:)`, once, when the first row that needs it runs, and such a row is a method of it:
///   `Row<Study>("4.1", "…", .main, show: Study.showLocal)`.
/// - Text, tables and checks fit `notebook.width`; a picture is drawn to fit it.
///
/// A chapter without rows narrates in `run(in:)`, with a `section` a row.
public protocol Chapter {
  /// What the rows share; nothing, unless a chapter says otherwise.
  associatedtype State = Void
  static var number: Int { get }
  static var title: String { get }
  /// One sentence for `--help`: what running the chapter shows.
  static var summary: String { get }
  /// The options beyond those that every chapter has.
  static var options: [any AnyOption] { get }
  /// The rows, in reading order.
  static var rows: [Row<State>] { get }
  /// Makes what the rows share.
  static func prepare(in notebook: Notebook) throws -> State
  /// The narration of a chapter without rows.
  static func run(in notebook: Notebook) throws
}

/// What a run of a chapter left behind.
public struct Outcome: Sendable {
  public let status: ExitStatus
  public let checks: [Check]
}

extension Chapter {
  public static var options: [any AnyOption] { [] }
  public static var rows: [Row<State>] { [] }
  public static func run(in notebook: Notebook) throws {}

  public static func main() {
    holdStandardStreams()
    exit(perform(Array(CommandLine.arguments.dropFirst()), console: .standard).status.rawValue)
  }

  /// The whole command line, in-process: arguments in; words on `console`; status and checks out.
  public static func perform(_ words: [String], console: Console) -> Outcome {
    do {
      let arguments = try Arguments(
        words, options: options + CommonOption.all, takesWords: !rows.isEmpty)
      let selection = try Selection(arguments, rows: rows, program: program)
      if arguments[CommonOption.help] {
        let asked = arguments.words.isEmpty ? [] : selection.chosen.map(\.row)
        do { try console.output(help(of: asked, width: console.width)) } catch {
          throw outputFailure
        }
        return Outcome(status: .allChecksHold, checks: [])
      }
      let notebook = try Notebook(
        title: "Chapter \(number) · \(title)", arguments: arguments, console: console)
      if rows.isEmpty { try run(in: notebook) } else { try show(selection, in: notebook) }
      let status = notebook.finish(self)
      if status == .outputCannotBeWritten { throw outputFailure }
      return Outcome(status: status, checks: notebook.checks)
    } catch {
      let failure = error as? Failure ?? Failure(.inputCannotBeRead, "\(error)")
      console.diagnostics("\(program): \(failure.message.onOneLine)\n")
      return Outcome(status: failure.status, checks: [])
    }
  }

  static var program: String { "chapter\(number)" }

  private static var outputFailure: Failure {
    Failure(
      .outputCannotBeWritten,
      "standard output cannot be written: is the disk full, or its reader gone?")
  }

  /// Runs the rows that were chosen.
  private static func show(_ selection: Selection<State>, in notebook: Notebook) throws {
    var shared: State?
    func state() throws -> State {
      let state = try shared ?? prepare(in: notebook)
      shared = state
      return state
    }
    let brief = selection.chosen.filter { !$0.isInFull }.map(\.row)
    let summary = RowSummary(brief.map { ($0.label, $0.title) }, width: notebook.width)
    var isFirst = true
    for chosen in selection.chosen {
      let row = chosen.row
      notebook.settings = chosen.settings
      if chosen.isInFull {
        notebook.open(row.label, row.title)
        try row.show(notebook, state)
      } else {
        if isFirst { notebook.open("Further", "swift run \(program) \(row.label) shows a row") }
        isFirst = false
        try notebook.briefly(row.label, row.title, summary) { try row.show(notebook, state) }
      }
    }
    notebook.settings = [:]
  }
}

extension Chapter where State == Void {
  public static func prepare(in notebook: Notebook) {}
}
