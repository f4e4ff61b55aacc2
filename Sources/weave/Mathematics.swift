extension Page {
  /// Dollar signs without a partner: GitHub would show the source of the formula.
  var mathematicsFaults: [Fault] {
    var faults: [Fault] = []
    var opening: Int?
    var inline: [Int] = []
    var previous = -1
    func closeParagraph() {
      let dollars = inline.map { (line: $0, count: Page.inlineDollars(lines[$0])) }
      if dollars.map(\.count).reduce(0, +) % 2 == 1,
        let odd = dollars.first(where: { $0.count % 2 == 1 })
      {
        faults.append(
          fault(odd.line, "an odd number of $ in this paragraph: add the missing one, or write \\$")
        )
      }
      inline = []
    }
    func closeDisplay() {
      guard let start = opening else { return }
      faults.append(fault(start, "this $$ is never closed: put a $$ on a line of its own after it"))
      opening = nil
    }
    for line in prose {
      let text = lines[line].trimmed
      if text.isEmpty || line != previous + 1 || text.hasPrefix("#") {
        closeParagraph()
        closeDisplay()
      }
      previous = line
      if text == "$$" {
        closeParagraph()
        opening = opening == nil ? line : nil
      } else if Page.withoutCode(text).contains("$$") {
        faults.append(fault(line, "$$ is not alone on its line: give it a line of its own"))
      } else if opening == nil {
        inline.append(line)
      }
    }
    closeParagraph()
    closeDisplay()
    return faults
  }

  /// Without code spans; the form $`…`$ is mathematics, and balanced.
  private static func withoutCode(_ text: String) -> String {
    guard text.contains("`") else { return text }
    return text.replacing(/\$`[^`]*`\$/, with: "").replacing(/(`+).*?\1/, with: "")
  }

  private static func inlineDollars(_ text: String) -> Int {
    withoutCode(text).replacing("\\$", with: "").count { $0 == "$" }
  }
}
