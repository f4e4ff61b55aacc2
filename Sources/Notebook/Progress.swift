import Foundation

/// A progress bar on standard error, drawn only where a person is looking: on a terminal. Work on
/// several cores may share it.
public final class Progress: @unchecked Sendable {
  private let title: String
  private let total: Int
  private let start = Date()
  /// Held by whoever touches what follows.
  private let lock = NSLock()
  private let console: Console
  private var done = 0
  private var drawn = -1

  public init(_ title: String, total: Int, console: Console) {
    self.title = title
    self.total = max(total, 1)
    self.console = console
  }

  /// Redraws when the bar has grown by at least half a percent.
  public func update(_ done: Int, note: String = "") {
    lock.withLock { draw(done, note) }
  }

  /// One more of the steps is done. After the last one the bar starts again: work that turns out to
  /// be more than was expected is not over.
  public func advance() {
    lock.withLock {
      done = done % total + 1
      draw(done, "")
    }
  }

  private func draw(_ done: Int, _ note: String) {
    guard console.wantsProgress else { return }
    let step = Int(200 * Double(min(max(done, 0), total)) / Double(total))
    guard step != drawn else { return }
    drawn = step
    // The last column stays free: some terminals go to the next line as soon as it is written.
    let room = max(0, console.diagnosticsWidth - 1)
    let length = min(30, max(5, room - title.count - 8))
    let cells = length * step / 200
    let bar = String(repeating: "█", count: cells) + String(repeating: "░", count: length - cells)
    let line = "\(title) \(bar) \(step / 2)%  \(note)"
    console.diagnostics("\r\u{1B}[K" + line.prefix(room))
  }

  /// Clears the line and says how long it took.
  public func finish() {
    clear()
    guard console.wantsProgress else { return }
    let seconds = Date().timeIntervalSince(start).decimals(1)
    console.diagnostics("\(title): \(seconds) s\n")
  }

  /// Clears the line.
  public func clear() {
    lock.withLock {
      if console.wantsProgress { console.diagnostics("\r\u{1B}[K") }
    }
  }
}
