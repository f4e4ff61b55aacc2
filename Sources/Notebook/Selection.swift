/// What a command line asks of a chapter: which rows, in full or in one line, and with which
/// numbers.
struct Selection<State> {
  struct Chosen {
    let row: Row<State>
    let isInFull: Bool
    /// The reader's numbers, by name.
    let settings: [String: any Sendable]
  }

  let chosen: [Chosen]

  /// Throws one line that says what is wrong and what would be right.
  init(_ arguments: Arguments, rows: [Row<State>], program: String) throws(Failure) {
    var named: [Int] = []
    for word in arguments.words {
      guard let index = rows.firstIndex(where: { $0.answers(to: word) }) else {
        throw Failure(
          .wrongCommandLine,
          "there is no row '\(word)': the rows are " + rows.map(\.label).joined(separator: ", "))
      }
      if !named.contains(index) { named.append(index) }
    }
    let assignments = arguments[CommonOption.set]
    let everything = arguments[CommonOption.everything]
    if everything && !named.isEmpty {
      throw Failure(
        .wrongCommandLine, "--all prints every row: leave it or \(rows[named[0]].label) out")
    }
    if let first = assignments.first, named.isEmpty {
      throw Failure(
        .wrongCommandLine,
        "--set \(first) needs a row: \(program) \(rows.first?.label ?? "LABEL") --set \(first)")
    }
    let asked = named.map { rows[$0] }
    let values = try Selection.values(assignments, of: asked, program: program)
    if !asked.isEmpty {
      chosen = zip(asked, values).map { Chosen(row: $0, isInFull: true, settings: $1) }
    } else if everything {
      chosen = rows.map { Chosen(row: $0, isInFull: true, settings: [:]) }
    } else {
      chosen = [Road.main, .further].flatMap { road in
        rows.filter { $0.road == road }.map {
          Chosen(row: $0, isInFull: road == .main, settings: [:])
        }
      }
    }
  }

  /// Of each row, the values that it is given. A name that two rows know is set in both.
  private static func values(
    _ assignments: [String], of rows: [Row<State>], program: String
  ) throws(Failure) -> [[String: any Sendable]] {
    var values = [[String: any Sendable]](repeating: [:], count: rows.count)
    var seen: Set<String> = []
    for assignment in assignments {
      let name = String(assignment.prefix { $0 != "=" })
      let text = String(assignment.dropFirst(name.count + 1))
      guard seen.insert(name).inserted else {
        throw Failure(.wrongCommandLine, "\(name) is set twice: set it once")
      }
      var isKnown = false
      for (index, row) in rows.enumerated() {
        guard let option = row.settings.first(where: { $0.name == name }) else { continue }
        values[index][name] = try option.read(text, as: name)
        isKnown = true
      }
      guard isKnown else { throw unknown(name, of: rows, program: program) }
    }
    return values
  }

  private static func unknown(_ name: String, of rows: [Row<State>], program: String) -> Failure {
    let labels = rows.map(\.label).joined(separator: " ")
    let names = Set(rows.flatMap { $0.settings.map(\.name) }).sorted()
    let remedy =
      names.isEmpty
      ? "nothing can be set there, see \(program) --help"
      : "what can be set is \(names.joined(separator: ", ")), see \(program) \(labels) --help"
    return Failure(.wrongCommandLine, "row \(labels) has no '\(name)': \(remedy)")
  }
}
