import ImageModels
import TinyNetworks
import TinyNumerics

/// The main experiment: what is trained, and on which images. The sections that look at it are in
/// the folders of their rows.
struct Study: Sendable {
  let experiment: Experiment
  let dataset: Dataset
  let encoding: PixelEncoding
  /// The held-out images that are examined, as entries x of the likelihood, a row each.
  let examined: Rows<Double>

  /// - Parameter encoding: how pixels become entries; made for the images' own grey levels if none
  ///   is given.
  init(_ experiment: Experiment, dataset: Dataset, encoding: PixelEncoding? = nil) {
    self.experiment = experiment
    self.dataset = dataset
    self.encoding =
      encoding ?? PixelEncoding(experiment.likelihood, brightest: dataset.brightest)
    var noise = Threefry(seed: experiment.seed, row: 2)
    examined = self.encoding.entries(
      dataset.heldOut.levels.prefix(dataset.examinedCount), using: &noise)
  }
}
