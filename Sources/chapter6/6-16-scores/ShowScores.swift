import Figures
import ImageModels
import Notebook
import TinyNetworks
import TinyNumerics

/// Row 6.16: images that are no digits, and the two scores of all of them.
struct Scores {
  let names = [
    "digits", "upside down", "pixels permuted", "noise of the same means",
    "rounded reconstructions",
  ]
  /// log p(x) and ELBO of each kind.
  let logEvidence: [[Double]]
  let elbo: [[Double]]
  let error: Double
  let black: Identity

  /// So many held-out images are enough.
  static let most = 120

  init(of model: VariationalAutoencoder<Double>, _ study: Study) {
    let decoder = model.decoder
    let digits = study.examined.rows(0..<min(Scores.most, study.examined.count))
    let (columns, pixels) = (study.dataset.columns, study.dataset.pixels)
    var generator = Threefry(seed: study.experiment.seed, row: 16)
    let order = (0..<pixels).shuffled(using: &generator)
    let means = (0..<pixels).map { j in mean(digits.map { $0[$0.startIndex + j] }) }
    func arranged(_ order: [Int]) -> Rows<Double> {
      Rows(digits.map { x in order.map { x[x.startIndex + $0] } })
    }
    let upside = (0..<pixels).map { (pixels / columns - 1 - $0 / columns) * columns + $0 % columns }
    let noise = Rows(digits.map { _ in means.map { generator.uniform() < $0 ? 1.0 : 0 } })
    // Each pixel as it is most probable at the guide's mean.
    let codes = Rows(model.guides(for: digits).map(\.mean))
    let rounded = Rows(decoder(codes).numbers.map { $0 > 0 ? 1.0 : 0 }, width: pixels)
    let kinds = [digits, arranged(upside), arranged(order), noise, rounded]

    let all = Rows(kinds.flatMap(\.numbers), width: pixels)
    let guides = model.guides(for: all)
    let evidence = Evidence.refined(
      of: decoder, images: all, from: Grid(over: -8...8, count: 128), tolerance: 1e-3)
    let bound = ExactELBO(of: decoder, guides: guides, images: all, nodes: 20)
    func split(_ values: [Double]) -> [[Double]] {
      kinds.indices.map { Array(values[$0 * digits.count..<($0 + 1) * digits.count]) }
    }
    logEvidence = split(evidence.logEvidence)
    elbo = split(bound.terms.map(\.elbo))
    error = evidence.largestError
    let nothing = Rows([[Double](repeating: 0, count: pixels)])
    black = Identity(of: decoder, guides: model.guides(for: nothing), images: nothing)
  }
}

extension Study {
  // MARK: 6.16

  /// - Parameter claims: whether it is checked that digits score better than what is none: a model
  ///   that has
  ///   hardly been trained cannot tell, and few images do not show it.
  func showScores(
    of model: VariationalAutoencoder<Double>, claims: Bool, in notebook: Notebook
  ) throws {
    notebook.section("6.16", "Is it a digit? log p(x) and the ELBO as scores")
    let scores = Scores(of: model, self)
    let digits = scores.logEvidence[0]
    let black = scores.black.logEvidence[0]
    let share = mean(digits.map { $0 > black ? 1 : 0 })
    notebook.text(
      """
      \(digits.count) held-out digits, and as many images that are none: the same upside down, \
      their pixels in \
      one random order, noise with their mean in each pixel, and their reconstructions with each \
      pixel rounded to 0 or 1. log p(x) by the grid of 6.2 (error \
      \(scores.error.scientific) nats). The area under the curve is the probability that a digit \
      scores higher than one of the others: ½ is guessing, 1 is certainty.
      """)
    notebook.table(
      ["", "log p(x), mean", "area", "ELBO, mean", "area"],
      scores.names.indices.map { k in
        func area(_ values: [[Double]]) -> String {
          guard k > 0 else { return "" }
          let (area, error) = separation(values[0], from: values[k])
          return "\(area.decimals(3)) ± \(error.decimals(3))"
        }
        return [
          scores.names[k], mean(scores.logEvidence[k]).decimals(2), area(scores.logEvidence),
          mean(scores.elbo[k]).decimals(2), area(scores.elbo),
        ]
      } + [["all black", black.decimals(2), "", scores.black.elbo[0].decimals(2), ""]])
    notebook.text(
      """
      The black image has a larger log p(x) than \((100 * (1 - share)).decimals(0))% of the digits.
      """)
    for k in 1...3 where claims {
      let (area, error) = separation(digits, from: scores.logEvidence[k])
      notebook.check(
        .bound(
          "6.16", "better than guessing by log p(x): \(scores.names[k])", lower: 0.5 + 5 * error,
          upper: area))
    }
    notebook.check(
      .worst(
        "6.16", "area: over all pairs = under the curve",
        of: [scores.logEvidence, scores.elbo].flatMap { values in
          (1..<values.count).map { k in
            (
              separation(values[0], from: values[k]).area,
              areaUnderCurve(values[0], from: values[k]), rounding(1, terms: digits.count)
            )
          }
        }))
    notebook.check(scores.black.check("6.16", "log p(x) = ELBO + D of the black image"))
    notebook.check(
      .worst(
        of: zip(scores.logEvidence.joined(), scores.elbo.joined()).map { evidence, elbo in
          .bound("6.16", "ELBO ≤ log p(x)", lower: elbo, upper: evidence + 2 * scores.error)
        }))
    if claims {
      let (area, error) = separation(digits, from: scores.logEvidence[4])
      notebook.check(
        .bound(
          "6.16", "worse than guessing by log p(x): rounded reconstructions", lower: area,
          upper: 0.5 - 5 * error))
    }
    notebook.gap()
    try notebook.figure("chapter6-scores") { figure(scores) }
  }

  private func figure(_ scores: Scores) -> Figure {
    Figure(
      "How probable the model finds digits and other images; the dotted line is the black image",
      panels: [
        Panel(
          x: Axis("log p(x), nats"), y: Axis("share of images below"),
          marks: scores.names.enumerated().map { k, name in
            .steps(
              scores.logEvidence[k].sorted().enumerated().map {
                ($1, Double($0 + 1) / Double(scores.logEvidence[k].count))
              }, label: name, colour: .series(k))
          } + [.vertical(at: scores.black.logEvidence[0], colour: .ink, style: .dotted)])
      ])
  }
}
