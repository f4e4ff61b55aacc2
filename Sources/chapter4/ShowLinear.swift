import Notebook
import TinyNumerics
import ToyModels

// 4.3: the model for which a linear guide is enough.

extension Study {
  func showLinearGuide(in notebook: Notebook) {
    notebook.section("4.3", "The linear-Gaussian model: a linear guide closes the amortization gap")
    notebook.text(
      """
      Its posterior mean K(x − b) is affine in x, its covariance Λ⁻¹ the same for every x. So a \
      network without hidden layers, x ↦ (µ, log σ²), can reach every x's own optimum at once, and \
      BFGS on the mean ELBO of 50 draws finds it. With two latents a diagonal q keeps the gap of \
      3.11.
      """)
    let fits = [LinearGaussianModel.line, .plane].enumerated().map { k, model in
      LinearFit(model, seed: seed, part: k)
    }
    notebook.table(
      ["latents", "guide", "log p(x)", "ELBO", "amortization", "approximation"],
      fits.flatMap { fit in
        [("constant", fit.constant), ("linear", fit.linear)].map { name, result in
          [
            "\(fit.model.latentDimension)", name, fit.evidence.decimals(6),
            result.ascent.value.decimals(6), (fit.best - result.ascent.value).decimals(6),
            (fit.evidence - fit.best).decimals(6),
          ]
        }
      })
    for fit in fits { fit.check(in: notebook) }
  }
}

/// A linear and a constant guide trained for one linear-Gaussian model, with the closed forms.
struct LinearFit {
  let model: LinearGaussianModel
  let data: [[Double]]
  let linear: (guide: Guide, ascent: Ascent)
  let constant: (guide: Guide, ascent: Ascent)
  /// Mean log p(x), and the mean of the data points' own optima, each found alone.
  let evidence: Double
  let best: Double

  init(_ model: LinearGaussianModel, seed: UInt64, part: Int) {
    var generator = Threefry(seed: seed, row: 3, part: part)
    let data = (0..<50).map { _ in model.sample(using: &generator).x }
    self.model = model
    self.data = data
    linear = trainedLinearGuide(for: model, on: data)
    constant = trainedLinearGuide(for: model, on: data, constant: true)
    evidence = mean(data.map { model.logEvidence(of: $0).value })
    best = mean(data.map { localOptimum(of: $0, model: model).value })
  }

  /// ‖φ − φ*‖, φ trained and φ* in closed form.
  var distance: Double {
    length(zip(linear.guide.network.parameters, closedFormGuide(for: model)).map(-))
  }

  /// Means of 50 logarithms, some sums of squares each. (A climb's end is off by ‖∇‖²/2c, less than
  /// 1e-16.)
  var allowance: Double { rounding(1, evidence, constant.ascent.value) }

  func check(in notebook: Notebook) {
    let latents = model.latentDimension == 1 ? "1 latent" : "\(model.latentDimension) latents"
    let gap = meanFieldGap(precision: posteriorPrecision(of: model))
    notebook.check(
      .exact(
        "4.3", "\(latents): ‖φ − φ*‖, trained and in closed form", distance, 0,
        allowance: parameterAllowance(linear, data: data, model: model)))
    if model.latentDimension == 1 {
      notebook.check(
        .exact(
          "4.3", "\(latents): mean ELBO of the trained guide = mean log p(x)", linear.ascent.value,
          evidence, allowance: allowance))
    } else {
      notebook.check(
        .exact(
          "4.3", "\(latents): mean log p − ELBO = ½ (Σ log Λ_ii − log |Λ|), the gap of eq. 3.11",
          evidence - linear.ascent.value, gap, allowance: allowance))
    }
    notebook.check(
      .exact(
        "4.3",
        "\(latents): a constant guide's amortization gap = ½ tr(ΛS), S the spread of the "
          + "posterior means",
        best - constant.ascent.value, constantGuideGap(for: model, on: data), allowance: allowance))
  }
}
