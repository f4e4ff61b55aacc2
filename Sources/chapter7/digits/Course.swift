import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

/// How far a training came.
struct Course: Sendable {
  /// Passes over the training images.
  fileprivate(set) var epochs = 0
  fileprivate(set) var wasInterrupted = false
  /// A loss was no longer a number.
  fileprivate(set) var hasDiverged = false

  /// What is claimed of a training is claimed of one of this length: a shorter one has not learned
  /// enough, a much longer one knows its training images too well.
  static let standard = 200
  var allowsClaims: Bool { epochs == Course.standard && !wasInterrupted && !hasDiverged }
}

extension Notebook {
  /// Trains under a bar: `epoch` is one pass over the images and returns its loss. It ends with the
  /// last epoch, with Ctrl-C, or with a loss that is no number.
  func train(_ title: String, epochs: Int, _ epoch: () -> Double) -> Course {
    let progress = progress("training \(title)", total: epochs)
    let interruption = Interruption()
    var course = Course()
    progress.update(0)
    while course.epochs < epochs, !course.wasInterrupted, !course.hasDiverged {
      let loss = epoch()
      course.hasDiverged = !loss.isFinite
      course.epochs += 1
      course.wasInterrupted = interruption.isRequested
      progress.update(course.epochs)
    }
    progress.finish()
    if course.wasInterrupted { isInterrupted = true }
    return course
  }

  /// Says so where a training did not come to its end.
  func tell(_ course: Course, of title: String) {
    if course.wasInterrupted {
      text(
        """
        Interrupted in epoch \(course.epochs) of the \(title): what follows is about what was \
        learned until then.
        """)
    }
  }
}
