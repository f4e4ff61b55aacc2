import ImageModels
import Notebook
import TinyNetworks

extension PixelNetwork {
  /// Trained under a bar.
  static func trained(
    on images: Rows<Double>, hidden: Int, epochs: Int, in notebook: Notebook
  ) -> (model: PixelNetwork, course: Course) {
    var trainer = PixelNetworkTrainer(on: images, hidden: hidden, seed: notebook.seed)
    let course = notebook.train("the masked network", epochs: epochs) { trainer.pass() }
    return (trainer.model, course)
  }
}
