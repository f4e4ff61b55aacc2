import Foundation

/// A progress bar on standard error, drawn only where a person is looking: on a terminal.
public final class Progress {
  private let title: String
  private let total: Int
  private let console: Console
  private var drawn = -1
  private let start = Date()

  public init(_ title: String, total: Int, console: Console) {
    self.title = title
    self.total = max(total, 1)
    self.console = console
  }

  /// Redraws when the bar has grown by at least half a percent.
  public func update(_ done: Int, note: String = "") {
    guard console.wantsProgress else { return }
    let step = Int(200 * Double(min(max(done, 0), total)) / Double(total))
    guard step != drawn else { return }
    drawn = step
    let cells = 30 * step / 200
    let bar = String(repeating: "█", count: cells) + String(repeating: "░", count: 30 - cells)
    console.diagnostics("\r\u{1B}[K\(title) \(bar) \(step / 2)%  \(note)")
  }

  /// Clears the line and says how long it took.
  public func finish() {
    guard console.wantsProgress else { return }
    let seconds = Date().timeIntervalSince(start).decimals(1)
    console.diagnostics("\r\u{1B}[K\(title): \(seconds) s\n")
  }
}
