import ImageModels
import TinyNumerics

/// The experiment in words.
extension Study {
  var imageWords: String {
    let size = "\(dataset.rows) × \(dataset.columns) \(dataset.name)"
    return encoding.likelihood == .bernoulli ? "binarised \(size)" : size
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
