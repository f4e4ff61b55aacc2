import Foundation
import Testing

@testable import Notebook

/// Each in a process of its own: Ctrl-C concerns all of a process.
@Suite("Ctrl-C", .timeLimit(.minutes(1)))
struct InterruptionTests {
  @Test("the first is noted, and nothing else happens; work goes on")
  func first() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let interruption = Interruption()
      if interruption.isRequested { exit(1) }
      kill(getpid(), SIGINT)
      while !interruption.isRequested { usleep(1000) }
      usleep(50_000)
      exit(interruption.isRequested ? 7 : 2)
    }
  }

  @Test("the second one ends the program, as an interrupt does: a shell shows 130")
  func second() async {
    await #expect(processExitsWith: .signal(SIGINT)) {
      let interruption = Interruption()
      kill(getpid(), SIGINT)
      while !interruption.isRequested { usleep(1000) }
      for _ in 0..<100 {
        kill(getpid(), SIGINT)
        usleep(20_000)
      }
      exit(interruption.isRequested ? 3 : 4)
    }
  }

  @Test("heard while every core is at work")
  func busy() async {
    await #expect(processExitsWith: .exitCode(7)) {
      nonisolated(unsafe) let interruption = Interruption()
      kill(getpid(), SIGINT)
      let deadline = ContinuousClock.now + .seconds(20)
      DispatchQueue.concurrentPerform(iterations: 64) { _ in
        while !interruption.isRequested, ContinuousClock.now < deadline {}
      }
      exit(interruption.isRequested ? 7 : 2)
    }
  }

  @Test("afterwards Ctrl-C is what it was")
  func restored() async {
    await #expect(processExitsWith: .signal(SIGINT)) {
      do { _ = Interruption() }
      usleep(50_000)
      kill(getpid(), SIGINT)
      usleep(500_000)
      exit(3)
    }
  }

  @Test("a program that was started to ignore Ctrl-C goes on doing so")
  func ignored() async {
    await #expect(processExitsWith: .exitCode(7)) {
      signal(SIGINT, SIG_IGN)
      do {
        let interruption = Interruption()
        kill(getpid(), SIGINT)
        usleep(50_000)
        if interruption.isRequested { exit(2) }
      }
      kill(getpid(), SIGINT)
      usleep(50_000)
      exit(7)
    }
  }
}
