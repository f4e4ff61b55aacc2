import Foundation
import Notebook

/// Brings the pages in step with the sources and the outputs, or says where they are not.
struct Weaver {
  let package: Package
  let ledger: Ledger
  let checkOnly: Bool
  /// The one chapter to weave; nil for all of them and the table of contents.
  let only: Int?

  private(set) var faults: [Fault] = []
  /// The files that were written.
  private(set) var written: [String] = []
  private(set) var cellCount = 0
  private(set) var quoteCount = 0
  /// Pages that are owed and are not there.
  private var unwritten: Set<String> = []
  private var runs: [Int: ChapterRun] = [:]
  private var references: References

  init(package: Package, ledger: Ledger, checkOnly: Bool, only: Int?) {
    self.package = package
    self.ledger = ledger
    self.checkOnly = checkOnly
    self.only = only
    references = References(package: package)
  }

  private var chapters: [Int] { only.map { [$0] } ?? package.chapters }

  mutating func weave(
    running run: ([Int]) throws(Failure) -> [Int: ChapterRun]
  ) throws(Failure) {
    var pages: [Page] = []
    for path in try paths() { pages.append(try package.page(path)) }
    runs = try run(chaptersNeeded(by: pages))
    for (chapter, run) in runs {
      guard let complaint = run.complaint else { continue }
      faults.append(Fault(file: Weaver.path(chapter), line: 1, message: complaint))
    }
    try compareFigures()
    for index in pages.indices { pages[index] = try weaveCells(of: pages[index]) }
    for page in pages { check(page) }
    for chapter in chapters {
      let own = pages.filter { Weaver.paths(chapter).contains($0.path) }
        .sorted { $0.path.count < $1.path.count }
      guard let main = own.first, main.path == Weaver.path(chapter) else { continue }
      let run = runs[chapter]
      faults += ledger.faults(of: chapter, pages: own, transcript: run?.transcript, in: package)
      faults += hiddenFigures(of: chapter, on: own)
      if let run, run.complaint == nil { faults += Limits.faults(of: run, page: main) }
    }
    faults = Set(faults).sorted { ($0.file, $0.line, $0.message) < ($1.file, $1.line, $1.message) }
  }

  private static func path(_ chapter: Int) -> String { "chapters/chapter\(chapter).md" }

  /// The main road, and what a first reader may skip: a page that only some chapters have.
  private static func paths(_ chapter: Int) -> [String] {
    [path(chapter), "chapters/chapter\(chapter)-further.md"]
  }

  /// The pages that are there; each that is owed and is not is a fault.
  private mutating func paths() throws(Failure) -> [String] {
    guard package.exists("Package.swift") else {
      throw Failure(
        .inputCannotBeRead, "no package at \(package.root.path): name its folder with --package")
    }
    let owed = chapters.map(Weaver.path) + (only == nil ? ["chapters/README.md"] : [])
    unwritten = Set(owed.filter { !package.exists($0) })
    for path in unwritten {
      faults.append(Fault(file: path, line: 1, message: "there is no such page: write it"))
    }
    let others = package.files(in: "chapters", ending: ".md").map { "chapters/\($0)" }
    let all = only == nil ? others + ["README.md"] : chapters.flatMap(Weaver.paths)
    return all.filter(package.exists)
  }

  /// A page may quote another chapter's output.
  private func chaptersNeeded(by pages: [Page]) -> [Int] {
    let labels = pages.flatMap { page in
      page.cells.filter { $0.kind == .output }.map(\.marker) + page.quotes().map(\.marker)
    }
    let quoted = labels.compactMap { Label($0.prefix { $0 != "," })?.chapter }
    return Set(chapters + quoted).intersection(package.chapters).sorted()
  }

  // MARK: Cells

  private mutating func weaveCells(of page: Page) throws(Failure) -> Page {
    var stale: [(cell: Page.Cell, lines: [String], reference: String?)] = []
    for cell in page.cells {
      cellCount += 1
      do throws(Complaint) {
        // What a chapter that failed printed is not worth quoting.
        let chapter = Label(cell.marker.prefix { $0 != "," })?.chapter
        if let chapter, runs[chapter]?.complaint != nil { continue }
        let (fresh, agreement) = try quote(cell)
        let reference = try reference(under: cell, on: page)
        let old = Array(page.lines[cell.contents])
        let line = agreement.firstFault(old, fresh)
        let isCurrent = reference == nil || cell.reference.map { page.lines[$0] } == reference
        guard line != nil || !isCurrent else { continue }
        stale.append((cell, line == nil ? old : fresh, reference))
        guard checkOnly else { continue }
        if let line { faults.append(staleFault(page, cell, line, old, fresh)) }
        if let reference, !isCurrent {
          faults.append(
            page.fault(
              cell.fences.upperBound + 1, "stale: here stands \(reference): run swift run weave"))
        }
      } catch {
        faults.append(page.fault(cell.line, error.message))
      }
    }
    guard !checkOnly, !stale.isEmpty else { return page }
    let woven = page.replacing(stale)
    try write(woven.text, to: page.path)
    return woven
  }

  /// The line of links that belongs under a source cell.
  private mutating func reference(
    under cell: Page.Cell, on page: Page
  ) throws(Complaint) -> String? {
    guard cell.kind == .source else { return nil }
    let marker = try SourceMarker(cell.marker)
    guard let source = try? package.text(marker.path) else { return nil }
    let heading = page.headings.last { $0.line < cell.line && Label.heading($0.words) != nil }
    let rows = heading.flatMap { Label.heading($0.words)?.rows } ?? []
    return try references.line(for: marker, source: source, on: page, rows: Set(rows))
  }

  private func quote(_ cell: Page.Cell) throws(Complaint) -> ([String], Agreement) {
    switch cell.kind {
    case .source:
      let marker = try SourceMarker(cell.marker)
      guard let source = try? package.text(marker.path) else {
        throw Complaint("there is no readable \(marker.path): mend the path")
      }
      do throws(Complaint) {
        return (try marker.quote(from: source), .literal)
      } catch {
        throw Complaint("\(marker.path) \(error.message)")
      }
    case .output:
      let marker = try OutputMarker(cell.marker)
      guard let transcript = runs[marker.section.chapter]?.transcript else {
        throw Complaint("there is no chapter \(marker.section.chapter): mend the label")
      }
      let section = try transcript.section(marker.section)
      return (
        try transcript.quote(marker),
        Agreement(tolerance: marker.tolerance, section: section.text)
      )
    }
  }

  private func staleFault(
    _ page: Page, _ cell: Page.Cell, _ line: Int, _ old: [String], _ fresh: [String]
  ) -> Fault {
    let says = line < old.count ? "\"\(old[line].trimmed)\"" : "nothing more"
    let should = line < fresh.count ? "\"\(fresh[line].trimmed)\"" : "nothing more"
    let origin = cell.kind == .source ? "the source" : "the chapter"
    return page.fault(
      cell.contents.lowerBound + line,
      "stale: the page says \(says), \(origin) says \(should): run swift run weave")
  }

  // MARK: Figures

  private mutating func compareFigures() throws(Failure) {
    for chapter in chapters {
      guard let run = runs[chapter], run.complaint == nil else { continue }
      for (name, fresh) in run.figures.sorted(by: { $0.key < $1.key }) {
        let path = "chapters/figures/\(name)"
        let old = package.exists(path) ? try package.text(path) : nil
        let comparison = FigureComparison(wordsOnly: checkOnly && run.contents.trains)
        if let old, comparison.agree(old, fresh) { continue }
        if checkOnly {
          let fault = old == nil ? "is missing" : "is not what chapter\(chapter) draws"
          faults.append(Fault(file: path, line: 1, message: "\(fault): run swift run weave"))
        } else {
          try write(fresh, to: path)
        }
      }
      let drawn = package.files(in: "chapters/figures", ending: "").filter {
        $0.hasPrefix("chapter\(chapter)-")
      }
      for name in drawn where run.figures[name] == nil { faults.append(Weaver.undrawn(name)) }
    }
    let known = package.chapters.map { "chapter\($0)-" }
    for name in package.files(in: "chapters/figures", ending: "")
    where only == nil && !known.contains(where: name.hasPrefix) {
      faults.append(Weaver.undrawn(name))
    }
  }

  private static func undrawn(_ name: String) -> Fault {
    Fault(file: "chapters/figures/\(name)", line: 1, message: "no chapter draws it: remove it")
  }

  private func hiddenFigures(of chapter: Int, on pages: [Page]) -> [Fault] {
    let images = pages.flatMap { page in page.prose.map { page.lines[$0] } }.filter {
      $0.contains("![") || $0.contains("<img")
    }
    return (runs[chapter]?.figures.keys.sorted() ?? []).compactMap { name in
      guard !images.contains(where: { $0.contains("figures/\(name)") }) else { return nil }
      return pages.first?.fault(0, "the figure is not shown: add ![what is seen](figures/\(name))")
    }
  }

  // MARK: Prose

  private mutating func check(_ page: Page) {
    quoteCount += page.quotes().count
    faults += page.faults
    faults += page.quoteFaults(runs.mapValues(\.transcript))
    faults += page.mathematicsFaults
    faults += page.linkFaults(in: package, unwritten: unwritten)
  }

  private mutating func write(_ text: String, to path: String) throws(Failure) {
    let url = package.url(path)
    try? FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try writeFile(Data(text.utf8), to: url.path)
    written.append(path)
  }
}
