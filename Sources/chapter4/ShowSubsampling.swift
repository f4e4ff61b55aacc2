import Notebook
import TinyNumerics
import ToyModels

// 4.5: a minibatch speaks for the whole data set, on average.

extension Study {
  func showSubsampling(in notebook: Notebook) {
    notebook.section("4.5", "Subsampling: (N/B) Σ over a batch, for the value and the gradient")
    notebook.text(
      """
      The constant guide of 4.4 seen as a linear one, so that ∂ELBO/∂φ has six entries, the four weights \
      about to be trained among them. First N = 8 data points, and every batch there is:
      """)
    enumerate(in: notebook)
    notebook.gap()
    notebook.text(
      """
      Then all \(training.count), with batches of 10 drawn at random. The variance is estimated as the \
      mean of (estimate − exact sum)², a plain mean. The gradient is followed along its own direction, \
      where the exact answer is its length.
      """)
    sample(in: notebook)
  }

  private var startingGuide: Guide { .linear(from: family.constant) }

  private func enumerate(in notebook: Notebook) {
    let small = Array(training.x.prefix(8))
    let (values, gradients) = perDatumGradients(of: startingGuide, on: small, decoder: decoder)
    let quantities = [values] + gradients[0].indices.map { k in gradients.map { $0[k] } }
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
    let moments = enumeratedMoments(values, batchSize: 3)
    let size = total(values.map(abs))
    notebook.check(
      .exact(
        "4.5", "ELBO, mean over all 56 batches of 3 = Σ ELBO_i", moments.mean, total(values),
        allowance: 1e-13 * size))
    notebook.check(
      .exact(
        "4.5", "ELBO, variance over all 56 batches of 3 = N²(1 − B/N)s²/B", moments.variance,
        batchVariance(values, batchSize: 3), allowance: 1e-13 * size * size))
    let agreeing = quantities.flatMap { quantity in
      sizes.flatMap { enumerationAgrees(quantity, batchSize: $0) }
    }
    notebook.check(
      .exact(
        "4.5", "means and variances, ELBO and 6 gradient entries, B = 1…8: how many agree",
        Double(agreeing.count { $0 }), Double(2 * 7 * 8), allowance: 0))
  }

  func sample(in notebook: Notebook) {
    let (values, gradients) = perDatumGradients(
      of: startingGuide, on: training.x, decoder: decoder)
    let gradient = gradients[0].indices.map { k in total(gradients.map { $0[k] }) }
    let length = dot(gradient, gradient).squareRoot()
    let slopes = gradients.map { dot($0, gradient) / length }
    // 1% of a mean of squares, whose cv² is 2 + (excess kurtosis of the estimate): 250,000 · 4
    let draws = notebook.samples(default: 1_000_000)
    let batchSize = 10
    var generator = Threefry(seed: notebook.seed, stream: 40_500)
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
        "4.5", "its variance ≈ N²(1 − B/N)s²/B", estimate: square.mean,
        standardError: square.standardError, exact: variance, promise: 0.01 * variance))
    notebook.check(
      .monteCarlo(
        "4.5", "the gradient, along itself ≈ |∂(Σ ELBO_i)/∂φ|", estimate: slope.mean,
        standardError: slope.standardError, exact: length, promise: 0.01 * length))
  }
}

/// Whether mean and variance over all batches are what eq. 4.5 says, to rounding.
func enumerationAgrees(_ values: [Double], batchSize: Int) -> [Bool] {
  let moments = enumeratedMoments(values, batchSize: batchSize)
  let size = total(values.map(abs))
  return [
    abs(moments.mean - total(values)) <= 1e-13 * size,
    abs(moments.variance - batchVariance(values, batchSize: batchSize)) <= 1e-13 * size * size,
  ]
}
