import Foundation
import Synchronization

/// Ctrl-C, as a question that long work asks between two steps.
///
/// While this value lives, the first Ctrl-C is noted and nothing else; a second one ends the
/// program at once, as it would have (a shell shows status 130). Afterwards Ctrl-C is what it was
/// before. A program that was started to ignore it, in the background of a script, goes on doing
/// so.
public final class Interruption {
  private let before: (@convention(c) (Int32) -> Void)?

  public init() {
    interrupted.store(false, ordering: .relaxed)
    before = signal(SIGINT) { _ in
      interrupted.store(true, ordering: .relaxed)
      signal(SIGINT, SIG_DFL)
    }
    let wasIgnored = unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    if wasIgnored { signal(SIGINT, SIG_IGN) }
  }

  /// Whether Ctrl-C was pressed.
  public var isRequested: Bool { interrupted.load(ordering: .relaxed) }

  deinit { signal(SIGINT, before) }
}

/// The one variable outside of a value: a process has one Ctrl-C, and the handler of a signal is
/// handed nothing and may do next to nothing. (A dispatch source needs no such variable, but it
/// starts to listen some time after it is told to: a Ctrl-C in between is lost.)
private let interrupted = Atomic(false)
