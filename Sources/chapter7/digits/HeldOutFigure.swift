import Figures
import ImageModels
import TinyNumerics

extension DigitStudy {
  /// The held-out images in the order of their log p(x), one curve a model.
  func heldOutFigure(_ models: [(name: String, scores: [Double])]) -> Figure {
    Figure(
      "The held-out digits, one by one",
      description: """
        The share of held-out images below a log-probability, one rising curve a model: \
        independent pixels at the left, then the VAE with two latents, then the 64 regressions and \
        the masked network, which cannot be told apart; coin flips are a line at −44.4.
        """,
      width: 760, height: 360,
      panels: [
        Panel(
          title: "The share of images below a log p(x)", x: Axis("log p(x), nats"),
          y: Axis("share of images"),
          marks: [.vertical(at: -64 * log(2), label: "coin flips")]
            + models.dropFirst().enumerated().map { i, model in
              let scores = model.scores.sorted()
              return .line(
                scores.enumerated().map { ($1, (Double($0) + 0.5) / Double(scores.count)) },
                label: model.name, colour: .series(i))
            })
      ])
  }
}
