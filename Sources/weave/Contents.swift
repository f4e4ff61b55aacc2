/// What a chapter says of its rows with `--help`: their labels, and which road each is on.
struct Contents {
  private(set) var main: [Label] = []
  private(set) var further: [Label] = []
  /// Whether it trains networks: another machine trains to slightly other numbers.
  let trains: Bool

  /// Whether the chapter has rows at all.
  var hasRows: Bool { !(main.isEmpty && further.isEmpty) }

  init(help: String) {
    trains = help.contains("--epochs")
    var heading = ""
    for line in help.split(separator: "\n", omittingEmptySubsequences: false) {
      if !line.hasPrefix(" ") { heading = String(line) }
      guard let word = line.prefixMatch(of: #/  (\S+)  /#), let label = Label(word.1) else {
        continue
      }
      if heading == "Main road:" { main.append(label) }
      if heading == "Further:" { further.append(label) }
    }
  }
}
