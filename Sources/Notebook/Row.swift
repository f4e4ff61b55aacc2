/// Which way through a chapter a row belongs to.
public enum Road: String, Sendable {
  /// What a first reader needs: printed in full.
  case main
  /// The rest: one line and a verdict, until it is asked for.
  case further
}

/// A row of a chapter: a cell that can be run alone, on numbers of the reader's own.
///
/// `State` is what the rows of a chapter share (a trained model, a study); see `Chapter`.
public struct Row<State>: Sendable {
  /// "3.8", "3.T", or "3.1–3.6" for several that are shown together.
  public let label: String
  public let title: String
  public let road: Road
  /// What the reader may set, each with its name, range and default.
  public let settings: [any AnyOption]
  let show: @Sendable (Notebook, () throws -> State) throws -> Void

  /// A row that needs nothing but the notebook.
  public init(
    _ label: String, _ title: String, _ road: Road, set settings: [any AnyOption] = [],
    show: @escaping @Sendable (Notebook) throws -> Void
  ) {
    self.init(label, title, road, settings) { notebook, _ in try show(notebook) }
  }

  /// A row that needs what the rows share: a method of `State`. It is made when the first such row
  /// runs.
  public init(
    _ label: String, _ title: String, _ road: Road, set settings: [any AnyOption] = [],
    show: @escaping @Sendable (State) -> (Notebook) throws -> Void
  ) {
    self.init(label, title, road, settings) { notebook, state in try show(state())(notebook) }
  }

  private init(
    _ label: String, _ title: String, _ road: Road, _ settings: [any AnyOption],
    _ show: @escaping @Sendable (Notebook, () throws -> State) throws -> Void
  ) {
    (self.label, self.title, self.road) = (label, title, road)
    (self.settings, self.show) = (settings, show)
    labels = rowLabels(label) ?? []
    guard !labels.isEmpty else { fatalError("\(label) is no label of a row") }
  }

  /// Each label that the row answers to: 3.1, 3.2, …, 3.6.
  public let labels: [String]

  /// Whether a word on the command line means this row: its label, or one of its labels.
  func answers(to word: String) -> Bool {
    rowLabels(word).map { $0 == labels || $0.count == 1 && labels.contains($0[0]) } ?? false
  }
}

/// "3.1–3.6" (or with a hyphen) as 3.1, 3.2, …, 3.6; "3.T" as itself; nil for what is no label.
private func rowLabels(_ text: String) -> [String]? {
  let ends = text.split(omittingEmptySubsequences: false) { "–-".contains($0) }.map {
    $0.split(separator: ".", omittingEmptySubsequences: false)
  }
  guard (1...2).contains(ends.count),
    ends.allSatisfy({ $0.count == 2 && isNumber($0[0]) && (isNumber($0[1]) || $0[1] == "T") })
  else { return nil }
  guard ends.count == 2 else { return [text] }
  guard ends[0][0] == ends[1][0], let first = Int(ends[0][1]), let last = Int(ends[1][1]),
    first < last
  else { return nil }
  return (first...last).map { "\(ends[0][0]).\($0)" }
}

/// Up to three digits: a label's parts are small.
private func isNumber(_ text: Substring) -> Bool {
  (1...3).contains(text.count) && text.allSatisfy { "0123456789".contains($0) }
}
