import Figures
import ImageModels
import Notebook
import TinyNetworks

extension DigitStudy {
  func showPictures(_ samples: Samples, in notebook: Notebook) throws {
    guard let gan = samples.gan else { return }
    try notebook.figure("chapter7-samples") {
      let rows = [digits.heldOut, samples.network, samples.vae, gan.averaged, gan.last]
      return Figure(
        "Binary digits: real ones, and what three models make",
        description: """
          Five rows of 14 binary images: held-out digits; samples of the masked network, which \
          look like digits; of the VAE with two latents, like digits with specks; of the GAN's \
          averaged and last weights, of fewer kinds.
          """,
        width: 760, height: 300,
        panels: [
          Panel(
            images: ImageGrid(
              rows.flatMap { $0.prefix(14).map { Array($0) } }, width: 8, height: 8, columns: 14),
            rows: ["held out", "masked network", "VAE", "GAN, averaged", "GAN, last"])
        ])
    }
  }
}
