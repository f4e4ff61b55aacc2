import Figures
import Foundation

/// What a chapter writes on: sections, paragraphs, tables, pictures and checks, in the order of
/// the calls. With `--json` the words are left out and the checks come at the end, as data.
public final class Notebook {
  public let seed: UInt64
  public private(set) var checks: [Check] = []

  private let arguments: Arguments
  private let console: Console
  private let colour: Bool
  private let silent: Bool
  private let figureFolder: String?
  /// Calibration runs each Monte Carlo check many times, with this share of the draws it usually takes.
  var shareOfSamples = 1.0
  private(set) var outputFailed = false
  /// The chapter's title, until the first words go out: a chapter that cannot start says nothing at all.
  private var title: String?

  init(title: String, arguments: Arguments, console: Console) throws(Failure) {
    self.title = title + "\n"
    self.arguments = arguments
    self.console = console
    seed = arguments[CommonOption.seed]
    silent = arguments[CommonOption.json]
    colour = console.wantsColour
    figureFolder = arguments[CommonOption.figures]
    if let figureFolder { try prepareFolder(figureFolder) }
  }

  /// The value of one of the chapter's own options.
  public subscript<Value>(_ option: Option<Value>) -> Value { arguments[option] }

  /// Whether the command line names the option, and its value is not just the default.
  public func isGiven(_ option: some AnyOption) -> Bool { arguments.names(option) }

  /// The draws of a Monte Carlo check: what `--samples` says, or else `standard`.
  public func samples(default standard: Int) -> Int {
    arguments[CommonOption.samples] ?? max(2, Int(shareOfSamples * Double(standard)))
  }

  // MARK: Words

  /// Opens a section. `labels` names the rows of the ledger that it shows: "6.2".
  public func section(_ labels: String, _ title: String) {
    let heading = "── \(labels)  \(title) "
    let rule = String(repeating: "─", count: max(2, Layout.width - heading.count))
    write("\n" + bold(heading + rule) + "\n\n")
  }

  /// A paragraph, broken into lines here.
  public func text(_ paragraph: String) {
    write(Layout.wrap(paragraph) + "\n\n")
  }

  /// Lines that keep their breaks: a formula, a small picture.
  public func verbatim(_ lines: String) {
    let indented = lines.split(separator: "\n", omittingEmptySubsequences: false).map {
      ("  " + $0).trimmingTrailingSpace
    }
    write(indented.joined(separator: "\n") + "\n\n")
  }

  public func table(_ headings: [String], _ rows: [[String]]) {
    write(Layout.table(headings, rows) + "\n\n")
  }

  public func progress(_ title: String, total: Int) -> Progress {
    Progress(title, total: total, console: console)
  }

  /// Work that takes a while, beside a bar that is gone afterwards. The work says `advance()` after each of
  /// its steps, from any core.
  public func working<Result>(
    _ title: String, steps: Int,
    _ work: (_ advance: @escaping @Sendable () -> Void) throws -> Result
  ) rethrows -> Result {
    let progress = progress(title, total: steps)
    defer { progress.clear() }
    progress.update(0)
    return try work { progress.advance() }
  }

  /// Records a check, and shows it.
  public func check(_ check: Check) {
    checks.append(check)
    let mark = check.holds ? painted("✓", 32) : painted("✗", 31)
    write("\(mark) \(check.sentence)\n    \(check.evidence)\n")
  }

  /// An empty line after a group of checks.
  public func gap() { write("\n") }

  /// With `--figures DIR` writes `DIR/<name>.svg`; without it the figure is not even made. Names are
  /// "chapter3-jensen": the chapter, then what is drawn.
  public func figure(_ name: String, _ figure: () throws -> Figure) throws {
    guard let figureFolder else { return }
    let path = figureFolder + "/\(name).svg"
    try writeFile(Data(figure().svg().utf8), to: path)
    write("figure: \(path)\n\n")
  }

  // MARK: The end

  func finish(_ chapter: any Chapter.Type) -> ExitStatus {
    let held = checks.filter(\.holds).count
    let failed = checks.count - held
    if silent {
      deliver(report(chapter, held: held, failed: failed) + "\n")
    } else {
      write("\n\(checks.count) checks: \(held) held, \(failed) failed\n")
    }
    if outputFailed { return .outputCannotBeWritten }
    return failed == 0 ? .allChecksHold : .aCheckFailed
  }

  private func report(_ chapter: any Chapter.Type, held: Int, failed: Int) -> String {
    JSON.object([
      ("chapter", "\(chapter.number)"), ("title", JSON.string(chapter.title)), ("seed", "\(seed)"),
      ("checks", "[\n" + checks.map(\.json).joined(separator: ",\n") + "\n]"),
      ("held", "\(held)"), ("failed", "\(failed)"),
    ])
  }

  func write(_ words: String) {
    guard !silent else { return }
    if let title { deliver(title) }
    title = nil
    deliver(words)
  }

  /// Standard output that cannot take a word is not tried again; the exit status tells.
  private func deliver(_ words: String) {
    guard !outputFailed else { return }
    do { try console.output(words) } catch { outputFailed = true }
  }

  private func bold(_ text: String) -> String { painted(text, 1) }

  private func painted(_ text: String, _ code: Int) -> String {
    colour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
