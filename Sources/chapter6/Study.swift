import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

/// The main experiment: what is trained, and on which images. The sections that look at it are in
/// the folders of their rows.
struct Study: Sendable {
  let experiment: Experiment
  let dataset: Dataset
  let encoding: PixelEncoding
  /// Whether it is an experiment of the reader's own, of which nobody knows how its samples
  /// scatter.
  let isReaders: Bool
  /// The held-out images that are examined, as entries x of the likelihood, a row each.
  let examined: Rows<Double>

  /// - Parameter encoding: how pixels become entries; made for the images' own grey levels if none
  ///   is given.
  init(
    _ experiment: Experiment, dataset: Dataset, encoding: PixelEncoding? = nil,
    isReaders: Bool = false
  ) {
    self.isReaders = isReaders
    self.experiment = experiment
    self.dataset = dataset
    self.encoding =
      encoding ?? PixelEncoding(experiment.likelihood, brightest: dataset.brightest)
    var noise = Threefry(seed: experiment.seed, row: 2)
    examined = self.encoding.entries(
      dataset.heldOut.levels.prefix(dataset.examinedCount), using: &noise)
  }

  /// A sampled check. What it promises to notice was chosen for the chapter's own experiment; in
  /// another one draws may scatter more, and too coarse is no failed identity.
  func show(_ check: Check, in notebook: Notebook) {
    guard isReaders, !check.resolves, let promise = check.promise, check.allowance.isFinite,
      abs(check.difference) <= check.allowance
    else { return notebook.check(check) }
    let factor = (check.allowance / promise) * (check.allowance / promise)
    notebook.undefined(
      """
      eq. \(check.label)  \(check.identity): \(check.lhs.significant(7)) ± \
      \(check.allowance.significant(2)) and \(check.rhs.significant(7)) agree, but so coarsely \
      that \
      nothing is shown. To notice \(promise.significant(2)) would take \(factor.significant(2)) \
      times the draws, see --samples.
      """)
  }
}
