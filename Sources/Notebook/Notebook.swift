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
  private let isData: Bool
  /// Nothing is said of a row that gets one line in all.
  private var isBrief = false
  private var remark: String?
  private let figureFolder: String?
  /// Calibration runs each Monte Carlo check many times, with this share of the draws it usually
  /// takes.
  var shareOfSamples = 1.0
  private(set) var outputFailed = false
  /// The reader's numbers for the row that is being shown, by name.
  var settings: [String: any Sendable] = [:]
  /// The title and a row's heading, until the first words below them: what cannot start says
  /// nothing at all.
  private var pending: String
  /// Whether Ctrl-C has ended work early.
  public var isInterrupted = false

  /// How many characters a line may have.
  public var width: Int { console.width }

  init(title: String, arguments: Arguments, console: Console) throws(Failure) {
    pending = Layout.wrap(title, width: console.width) + "\n"
    self.arguments = arguments
    self.console = console
    seed = arguments[CommonOption.seed]
    isData = arguments[CommonOption.json]
    colour = console.wantsColour
    figureFolder = arguments[CommonOption.figures]
    if let figureFolder { try prepareFolder(figureFolder) }
  }

  /// The value of one of the chapter's own options, or of what the reader may set in this row.
  public subscript<Value>(_ option: Option<Value>) -> Value {
    settings[option.name].flatMap { $0 as? Value } ?? arguments[option]
  }

  /// Whether the command line names the option, and its value is not just the default.
  public func isGiven(_ option: some AnyOption) -> Bool {
    settings[option.name] != nil || arguments.names(option)
  }

  /// The draws of a Monte Carlo check: what `--samples` says, or else `standard`.
  public func samples(default standard: Int) -> Int {
    arguments[CommonOption.samples] ?? max(2, Int(shareOfSamples * Double(standard)))
  }

  // MARK: Words

  /// Opens a section. `labels` names the rows of the ledger that it shows: "6.2".
  public func section(_ labels: String, _ title: String) {
    write(heading(labels, title))
  }

  /// The heading of a row, which waits for the row's first words.
  func open(_ label: String, _ title: String) { pending += heading(label, title) }

  private func heading(_ label: String, _ title: String) -> String {
    var lines = Layout.fold("── \(label)  \(title) ", indent: label.count + 5, width: width - 3)
    let space = width - lines[lines.count - 1].count - 1
    lines[lines.count - 1] += " " + String(repeating: "─", count: space)
    return "\n" + bold(lines.joined(separator: "\n")) + "\n\n"
  }

  /// Runs a row without its words; its line says how many checks held, and those that failed are
  /// shown.
  func briefly(
    _ label: String, _ title: String, _ summary: RowSummary, _ work: () throws -> Void
  ) rethrows {
    let before = checks.count
    isBrief = true
    remark = nil
    defer { isBrief = false }
    try work()
    isBrief = false
    let own = Array(checks[before...])
    write(
      summary.lines(label, title, checks: own, remark: remark).joined(separator: "\n")
        .replacing("✓", with: tick).replacing("✗", with: cross) + "\n")
    for check in own where !check.holds { show(check) }
  }

  /// A paragraph, broken into lines here.
  public func text(_ paragraph: String) {
    write(Layout.wrap(paragraph, width: width) + "\n\n")
  }

  /// Lines that keep their breaks: a formula, a small picture. One longer than the page goes on
  /// below, further in.
  public func verbatim(_ lines: String) {
    let indented = lines.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
      Layout.fold("  " + line, indent: line.prefix { $0 == " " }.count + 6, width: width)
    }
    write(indented.joined(separator: "\n") + "\n\n")
  }

  public func table(_ headings: [String], _ rows: [[String]]) {
    write(Layout.table(headings, rows, width: width) + "\n\n")
  }

  public func progress(_ title: String, total: Int) -> Progress {
    Progress(title, total: total, console: console)
  }

  /// Work that takes a while, beside a bar that is gone afterwards. The work says `advance()` after
  /// each of its steps, from any core.
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
    show(check)
  }

  /// Instead of a check: why there is none here. At the reader's number an identity may have no
  /// finite sides, and that is no failure.
  public func undefined(_ why: String) {
    remark = why
    write(Layout.fold("– \(why)", indent: 2, width: width).joined(separator: "\n") + "\n")
  }

  private func show(_ check: Check) {
    let lines = check.lines(width: width).joined(separator: "\n")
    write((check.holds ? tick : cross) + lines.dropFirst() + "\n")
  }

  /// An empty line after a group of checks.
  public func gap() { write("\n") }

  /// With `--figures DIR` writes `DIR/<name>.svg`; without it the figure is not even made. Names
  /// are "chapter3-jensen": the chapter, then what is drawn.
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
    if isData {
      deliver(report(chapter, held: held, failed: failed) + "\n")
    } else {
      write("\n\(counted(checks.count, "check")): \(held) held, \(failed) failed\n")
    }
    if outputFailed { return .outputCannotBeWritten }
    return failed == 0 ? .allChecksHold : .aCheckFailed
  }

  private func report(_ chapter: any Chapter.Type, held: Int, failed: Int) -> String {
    let interruption = isInterrupted ? [("interrupted", "true")] : []
    return JSON.object(
      [
        ("chapter", "\(chapter.number)"), ("title", JSON.string(chapter.title)),
        ("seed", "\(seed)"),
        ("checks", "[\n" + checks.map(\.json).joined(separator: ",\n") + "\n]"),
        ("held", "\(held)"), ("failed", "\(failed)"),
      ] + interruption)
  }

  func write(_ words: String) {
    guard !isData && !isBrief else { return }
    if !pending.isEmpty { deliver(pending) }
    pending = ""
    deliver(words)
  }

  /// Standard output that cannot take a word is not tried again; the exit status tells.
  private func deliver(_ words: String) {
    guard !outputFailed else { return }
    do { try console.output(words) } catch { outputFailed = true }
  }

  private var tick: String { painted("✓", 32) }
  private var cross: String { painted("✗", 31) }

  private func bold(_ text: String) -> String { painted(text, 1) }

  private func painted(_ text: String, _ code: Int) -> String {
    colour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
