import ImageModels
import Notebook
import TinyNumerics

/// The experiment in words.
extension Study {
  var imageWords: String {
    let size = "\(dataset.rows) × \(dataset.columns) \(dataset.name)"
    return encoding.likelihood == .bernoulli ? "binarised \(size)" : size
  }

  var heldOutWords: String {
    let count = dataset.heldOut.levels.count
    let words = "\(count) \(count == 1 ? "is" : "are") held out"
    switch dataset.split {
    case .last: return words
    case .random: return words + ", chosen at random, the same in every run"
    case .ownFile: return words + ", of the t10k file, in an order chosen at random"
    }
  }

  var architectureWords: String {
    "Encoder \(encoderWords), decoder \(decoderWords), \(experiment.activation.rawValue), "
      + "\(pixelWords)."
  }

  private var encoderWords: String {
    let hidden = experiment.hidden.map { "\($0)–" }.joined()
    return "\(dataset.pixels)–\(hidden)(\(experiment.latent), \(experiment.latent))"
  }

  private var decoderWords: String {
    let hidden = experiment.hidden.reversed().map { "\($0)–" }.joined()
    let outputs = encoding.likelihood.outputsPerEntry
    return "\(experiment.latent)–\(hidden)\(dataset.pixels)" + (outputs == 1 ? "" : " × \(outputs)")
  }

  private var pixelWords: String {
    switch encoding.likelihood {
    case .bernoulli: "Bernoulli pixels"
    case .categorical(let levels): "categorical pixels of \(levels) grey levels"
    case .gaussian:
      "Gaussian pixels with a learned variance, dequantised: their log-densities may be positive"
    }
  }
}

/// What a reader should know of images that nobody looked at before.
extension Study {
  /// Silence where all is as it should be; of the chapter's digits there is nothing to say.
  func showImages(in notebook: Notebook) {
    guard !dataset.files.isEmpty else { return }
    let remarks = [brightnessWords, blackAndWhiteWords, classWords].compactMap { $0 }
    if !remarks.isEmpty { notebook.text(remarks.joined(separator: " ")) }
  }

  private var brightnessWords: String? {
    let (a, b) = (dataset.training.brightest, dataset.heldOut.brightest)
    guard 2 * Int(min(a, b)) < Int(max(a, b)) else { return nil }
    return """
      Careful: the images to train on have levels up to \(a), those held out up to \(b). Does a \
      level mean the same in both?
      """
  }

  /// One bright pixel among dark images moves the threshold, and everything is black.
  private var blackAndWhiteWords: String? {
    guard encoding.likelihood == .bernoulli else { return nil }
    let pixels = dataset.training.levels.joined()
    let white = Double(pixels.count { $0 >= encoding.threshold }) / Double(pixels.count)
    guard white < 0.01 || white > 0.99 else { return nil }
    let percent = white < 0.5 ? (100 * white).significant(2) : (100 * white).decimals(1)
    return """
      Careful: of the pixels to train on \(percent)% are white (levels from \
      \(encoding.threshold) on). There is next to nothing to learn; --likelihood categorical keeps \
      the grey levels.
      """
  }

  private var classWords: String? {
    let missing = dataset.classesNeverTrained
    guard !missing.isEmpty else { return nil }
    let shown = missing.prefix(10).map { "\($0)" }.joined(separator: ", ")
    return """
      Careful: held-out images of \(missing.count == 1 ? "class" : "classes") \(shown)\
      \(missing.count > 10 ? ", …" : "") have none of their kind among those that train.
      """
  }

  /// What a loaded model remembers of the images that are now held out.
  func reunion(with record: TrainingRecord?) -> String {
    let now = TrainingRecord(dataset)
    guard let record, record != now else { return "" }
    guard record.fingerprint == now.fingerprint else {
      return " It was trained on other images than these: it may have seen some that are held out."
    }
    let seen = now.heldOut - record.heldOut
    guard seen > 0 else { return "" }
    return """
       Careful: \(counted(seen, "image")) of those now held out trained this model: what is said \
      of them is said of images that it knows.
      """
  }
}
