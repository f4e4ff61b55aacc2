import Notebook
import TinyNumerics

extension Chapter7 {
  static func showRegressions(in notebook: Notebook) {
    let chain = PixelChain.tenPixels
    let backwards = readBackwards(chain.table, pixels: 10)
    let fit = fittedChain(to: allImages(pixels: 10), counts: backwards, priorPrecision: 0)
    notebook.text(
      """
      Data r: 7.1's images read backwards. D(r‖p) is a sum of ten terms, one a pixel, and no two \
      terms share a weight: training is ten logistic regressions, each with one maximum, found by \
      Newton's method from zero without a seed. The fit is the best that logits linear in the \
      pixels before can do, term by term.
      """)
    let terms = chainTerms(backwards, relativeTo: chain)
    let fitted = chainTerms(backwards, relativeTo: fit.chain)
    notebook.table(
      ["pixel", "term of D(r‖p)", "of D(r‖fit)", "Newton steps"],
      (0..<10).map { j in
        [
          "\(j + 1)", terms[j].decimals(6), fitted[j].decimals(6), "\(fit.regressions[j].steps)",
        ]
      } + [["sum", terms.reduce(0, +).decimals(6), fitted.reduce(0, +).decimals(6)]])
    let divergence = divergence(backwards, from: chain)
    notebook.check(
      .exact(
        "7.2", "D(r‖p) over all images = the sum of ten terms", divergence, terms.reduce(0, +),
        allowance: tableRounding))
    notebook.check(
      .worst(
        of: [(chain, terms), (fit.chain, fitted)].flatMap { p, terms in
          zip(terms, chainTermsByDifferences(backwards, relativeTo: p)).map { term, difference in
            .exact(
              "7.2", "a term = what its pixel adds to D of the beginnings", term, difference,
              allowance: tableRounding)
          }
        }))
    notebook.check(
      .worst(
        of: zip(fitted, terms).dropFirst().map { fitted, term in
          .bound(
            "7.2", "no term of the fit exceeds p's: separate maxima", lower: fitted, upper: term)
        }))
    notebook.gap()
    showOneMaximum(backwards, in: notebook)
    showNoMaximum(in: notebook)
  }

  /// Logarithms of up to 16 nats, each weighted by a probability, twice; the tables were grown from
  /// ten factors.
  private static let tableRounding = rounding(2 * 16, terms: 1024)

  /// D(r ‖ p), image by image.
  private static func divergence(_ r: [Double], from p: PixelChain) -> Double {
    zip(r, allImages(pixels: 10)).reduce(0) {
      $0 + $1.0 * (log($1.0) - p.logProbability($1.1))
    }
  }

  private static func showOneMaximum(_ backwards: [Double], in notebook: Notebook) {
    notebook.text(
      """
      Two tests of the method. From data that a chain of logits did make it finds that chain \
      again; and with a prior N(0, 1) on every weight, of 100 images, another method climbs to the \
      same place.
      """)
    let chain = PixelChain.tenPixels
    let images = allImages(pixels: 10)
    let found = fittedChain(to: images, counts: chain.table, priorPrecision: 0)
    notebook.check(
      .worst(
        of: (0..<10).flatMap { j -> [Check] in
          zip([chain.intercepts[j]] + chain.weights[j], found.regressions[j].weights).map {
            .exact(
              "7.2", "from p's own images: Newton's weights = p's", $1, $0,
              allowance: found.regressions[j].error + rounding(1))
          }
        }))
    let counts = backwards.map { 100 * $0 }
    let newton = fittedChain(to: images, counts: counts, priorPrecision: 1).regressions
    notebook.check(
      .worst(
        of: [0, 4, 9].flatMap { j -> [Check] in
          let climb = climbed(images, counts, pixel: j)
          return zip(newton[j].weights, climb.point).map {
            // −∇²L is at least I, so that w is off by no more than ‖∇L‖
            .exact(
              "7.2", "with the prior: Newton's weights = those of a climb by BFGS", $0, $1,
              allowance: newton[j].error + (climb.converged ? climb.gradientNorm : .nan)
                + rounding(100, terms: 1024))
          }
        }))
    notebook.gap()
  }

  /// L(w) of pixel j as the logarithm of a product of Bernoulli probabilities and a normal prior.
  private static func climbed(_ images: [[Bool]], _ counts: [Double], pixel j: Int) -> Ascent {
    maximise(from: Array(repeating: 0, count: j + 1), tolerance: 1e-9) { w in
      var value = w.reduce(0) { $0 + Normal.standard.logDensity($1) }
      var gradient = w.map { -$0 }
      for (x, count) in zip(images, counts) {
        let a: [Double] = [1] + x[..<j].map { $0 ? 1 : 0 }
        let pixel = Bernoulli(logit: dot(w, a))
        value += count * pixel.logProbability(x[j])
        let slope = count * (x[j] ? 1 - pixel.probability : -pixel.probability)
        for k in a.indices { gradient[k] += slope * a[k] }
      }
      return (value, gradient)
    }
  }

  private static func showNoMaximum(in notebook: Notebook) {
    let rows = [LogisticRegression.Row(features: [], label: false, weight: 100)]
    let steps = [1, 2, 5, 10, 20]
    notebook.text(
      """
      Without a prior there need not be a maximum. A pixel that is dark in all of 100 images pulls \
      its intercept to −∞: Newton's step there is −(1 + e^b), so that it walks on for ever. With \
      the prior it rests where 100 sigmoid(b) = −b.
      """)
    notebook.table(
      ["steps"] + steps.map { "\($0)" },
      [
        ["b, no prior"]
          + steps.map {
            LogisticRegression(rows, priorPrecision: 0, steps: $0).intercept.decimals(4)
          },
        ["b, prior N(0, 1)"]
          + steps.map {
            LogisticRegression(rows, priorPrecision: 1, steps: $0).intercept.decimals(4)
          },
      ])
    var walk = 0.0
    for _ in 0..<20 { walk -= 1 + exp(walk) }
    notebook.check(
      .exact(
        "7.2", "no prior: after 20 steps, b ← b − (1 + e^b)",
        LogisticRegression(rows, priorPrecision: 0, steps: 20).intercept, walk,
        allowance: rounding(walk)))
    let rest = LogisticRegression(rows, priorPrecision: 1)
    let place = root(near: -3, and: -4) { b in 100 / (1 + exp(-b)) + b }
    notebook.check(
      .exact(
        "7.2", "prior N(0, 1): 100 sigmoid(b) + b = 0", rest.intercept, place,
        allowance: rest.error + rounding(place)))
    notebook.gap()
  }
}
