import Notebook
import TinyNumerics
import ToyModels

// 4.5: a minibatch speaks for the whole data set, on average.

extension Study {
  func showSubsampling(in notebook: Notebook) {
    notebook.section("4.5", "Subsampling: (N/B) Σ over a batch, for the value and the gradient")
    notebook.text(
      """
      The constant guide of 4.4 seen as a linear one, so that ∂ELBO/∂φ has six entries, the four \
      weights about to be trained among them. First N = 8 data points, and every batch there is:
      """)
    enumerate(in: notebook)
    notebook.gap()
    notebook.text(
      """
      Then all \(training.count), with batches of 10 drawn at random. The variance is estimated as \
      the mean of (estimate − exact sum)², a plain mean. The gradient is followed along its own \
      direction, where the exact answer is its length.
      """)
    sample(in: notebook)
  }

  private var startingGuide: Guide { .linear(from: family.constant) }

  private func enumerate(in notebook: Notebook) {
    let small = Array(training.x.prefix(8))
    let (values, gradients) = perDatumGradients(of: startingGuide, on: small, decoder: decoder)
    let sizes = 1...small.count
    notebook.table(
      ["B", "batches", "mean estimate", "Σ ELBO_i", "variance", "N²(1 − B/N)s²/B"],
      sizes.map { size in
        let moments = enumeratedMoments(values, batchSize: size)
        return [
          "\(size)", "\(allBatches(of: small.count, size: size).count)", moments.mean.decimals(6),
          total(values).decimals(6), moments.variance.decimals(4),
          batchVariance(values, batchSize: size).decimals(4),
        ]
      })
    for (name, quantities) in [
      ("ELBO", [values]),
      ("6 gradient entries", gradients[0].indices.map { k in gradients.map { $0[k] } }),
    ] {
      let cases = quantities.flatMap { quantity in sizes.map { (quantity, $0) } }
      notebook.check(
        .worst(
          "4.5", "\(name): mean over all batches = Σ_i, B = 1…8",
          of: cases.map { quantity, size in
            (
              enumeratedMoments(quantity, batchSize: size).mean, total(quantity),
              allowance: rounding(total(quantity.map(abs)), terms: 280)
            )
          }))
      notebook.check(
        .worst(
          "4.5", "\(name): variance over all batches = N²(1 − B/N)s²/B, B = 1…8",
          of: cases.map { quantity, size in
            let magnitude = total(quantity.map(abs))
            return (
              enumeratedMoments(quantity, batchSize: size).variance,
              batchVariance(quantity, batchSize: size),
              allowance: rounding(magnitude * magnitude, terms: 280)
            )
          }))
    }
    checkGradients(values, gradients, on: small, in: notebook)
  }

  /// x ⊗ ∂ELBO/∂λ, summed over the data, against the slope of Σ ELBO_i in the guide's parameters.
  private func checkGradients(
    _ values: [Double], _ gradients: [[Double]], on data: [SIMD2<Double>], in notebook: Notebook
  ) {
    let sum = gradients[0].indices.map { k in total(gradients.map { $0[k] }) }
    notebook.check(
      slopeCheck(
        "Σ ELBO_i, along the sum of its terms' gradients", label: "4.5",
        at: startingGuide.network.parameters, sum
      ) { parameters in
        var guide = startingGuide
        guide.network.parameters = parameters
        return total(perDatumGradients(of: guide, on: data, decoder: decoder).values)
      })
  }

  func sample(in notebook: Notebook) {
    let (values, gradients) = perDatumGradients(
      of: startingGuide, on: training.x, decoder: decoder)
    let gradient = gradients[0].indices.map { k in total(gradients.map { $0[k] }) }
    let length = length(gradient)
    let slopes = gradients.map { dot($0, gradient) / length }
    // 2% of a mean of squares costs 62,500 cv² draws, cv² = 2 + the estimate's excess kurtosis,
    // which hangs on the few x that a constant guide serves worst: up to 8 here
    let draws = notebook.samples(default: 600_000)
    let batchSize = 10
    var generator = Threefry(seed: notebook.seed, row: 5)
    var sampler = BatchSampler(count: training.count, batchSize: batchSize)
    var (value, square, slope) = (Estimate(), Estimate(), Estimate())
    let exact = total(values)
    for _ in 0..<draws {
      let batch = sampler.next(using: &generator)
      let estimate = batchEstimate(values, batch)
      value.add(estimate)
      square.add((estimate - exact) * (estimate - exact))
      slope.add(batchEstimate(slopes, batch))
    }
    let variance = batchVariance(values, batchSize: batchSize)
    notebook.check(
      .monteCarlo(
        "4.5", "(N/B) Σ ELBO_i over random batches ≈ Σ ELBO_i", estimate: value.mean,
        standardError: value.standardError, exact: exact, promise: 0.01 * abs(exact)))
    notebook.check(
      .monteCarlo(
        "4.5", "its variance ≈ N²(1 − B/N)s²/B (to 2%)", estimate: square.mean,
        standardError: square.standardError, exact: variance, promise: 0.02 * variance))
    notebook.check(
      .monteCarlo(
        "4.5", "the gradient, along itself ≈ |∂(Σ ELBO_i)/∂φ|", estimate: slope.mean,
        standardError: slope.standardError, exact: length, promise: 0.01 * length))
  }
}
