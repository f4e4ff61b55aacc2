import Foundation
import ImageModels
import TinyNetworks
import TinyNumerics

/// The mean log-likelihood of a data set under post B's model, by quadrature over its one latent,
/// and its gradient in θ: task 2 of the post without a bound.
///   log p_θ(x_i) = log Σ_k exp t_ik,   t_ik = log [h p_θ(x_i|z_k) p(z_k)],
///   ∂ Σ_i log p_θ(x_i) = Σ_ik r_ik ∂t_ik,   r_ik = exp t_ik / Σ_l exp t_il
/// (Fisher's identity, eq. 3.12: r_i is the posterior of x_i on the nodes). It is the ELBO with
/// each x's posterior for its guide.
///
/// t is linear in φ(x) = (1, x₁, x₂, x₁², x₂²), so that all t_ik are one matrix product, and all
/// sums over the data are another:
///   t = Φ·Θ,   Θ_k = (log h + log p(z_k) − log 2π − ½ Σ_j (g_j + m_j²/σ_j²), m_j/σ_j², −½/σ_j²),
///   S = rᵀ·Φ,  S_k = Σ_i r_ik φ(x_i).
struct RibbonLikelihood {
  private let count: Int
  /// Φ, N × 5.
  private let statistics: [Double]
  private let grid: Grid
  private var mean: DenseNetwork<Double>
  private var logVariance: DenseNetwork<Double>
  private var tapes: (mean: Tape<Double>, logVariance: Tape<Double>)
  private var responsibilities: [Double]
  private var gradient: (mean: [Double], logVariance: [Double])

  /// - Parameter nodes: over |z| ≤ 5, where all but 6e-7 of the prior lies.
  init(of vae: RibbonVAE, data: [SIMD2<Double>], nodes: Int) {
    count = data.count
    statistics = data.flatMap { [1, $0.x, $0.y, $0.x * $0.x, $0.y * $0.y] }
    grid = Grid(over: -5...5, count: nodes)
    (mean, logVariance) = (vae.mean, vae.logVariance)
    tapes = (Tape(of: mean, rows: nodes), Tape(of: logVariance, rows: nodes))
    let z = (0..<nodes).map { [grid] in grid.node($0) }
    tapes.mean.setInput(z)
    tapes.logVariance.setInput(z)
    responsibilities = Array(repeating: 0, count: count * nodes)
    gradient = (mean.parameters, logVariance.parameters)
  }

  /// (1/N) Σ_i log p_θ(x_i), in nats, and its gradient; θ is f_θ's parameters, then g_θ's.
  mutating func callAsFunction(_ theta: [Double]) -> (value: Double, gradient: [Double]) {
    let split = mean.parameterCount
    mean.parameters = Array(theta[..<split])
    logVariance.parameters = Array(theta[split...])
    mean.forward(&tapes.mean)
    logVariance.forward(&tapes.logVariance)
    let value = setResponsibilities()
    setOutputGradients()
    mean.backward(&tapes.mean, parameterGradient: &gradient.mean, wantsInputGradient: false)
    logVariance.backward(
      &tapes.logVariance, parameterGradient: &gradient.logVariance, wantsInputGradient: false)
    return (value, gradient.mean + gradient.logVariance)
  }

  /// Θ, 5 × K.
  private var coefficients: [Double] {
    let (m, g) = (Array(tapes.mean.output), Array(tapes.logVariance.output))
    var theta = [Double](repeating: 0, count: 5 * grid.count)
    for k in 0..<grid.count {
      theta[k] = log(grid.spacing) + Normal.standard.logDensity(grid.node(k)) - logTwoPi
      for j in 0..<2 {
        let (m, g) = (m[2 * k + j], g[2 * k + j])
        let precision = exp(-g)
        theta[k] -= 0.5 * (g + m * m * precision)
        theta[(1 + j) * grid.count + k] = m * precision
        theta[(3 + j) * grid.count + k] = -0.5 * precision
      }
    }
    return theta
  }

  /// r_ik; returns the mean of log p_θ(x_i).
  private mutating func setResponsibilities() -> Double {
    let nodes = grid.count
    matrixProduct(
      statistics, coefficients, rows: count, depth: 5, columns: nodes, into: &responsibilities)
    let logEvidences = softmaxRows(&responsibilities, rows: count, columns: nodes)
    return logEvidences.reduce(0, +) / Double(count)
  }

  /// The slopes of (1/N) Σ_ik r_ik t_ik by the networks' outputs at each node,
  ///   by m_j: (Σ r x_j − m_j Σ r)/Nσ_j²,
  ///   by g_j: [(Σ r x_j² − 2 m_j Σ r x_j + m_j² Σ r)/σ_j² − Σ r]/2N.
  private mutating func setOutputGradients() {
    let nodes = grid.count
    var sums = [Double](repeating: 0, count: 5 * nodes)
    matrixProduct(
      responsibilities, transposed: true, statistics, rows: nodes, depth: count, columns: 5,
      into: &sums)
    let (m, g) = (Array(tapes.mean.output), Array(tapes.logVariance.output))
    let scale = 1 / Double(count)
    var slopes = (mean: m, logVariance: g)
    for k in 0..<nodes {
      let r = sums[5 * k]
      for j in 0..<2 {
        let (m, precision) = (m[2 * k + j], exp(-g[2 * k + j]))
        let (rx, rxx) = (sums[5 * k + 1 + j], sums[5 * k + 3 + j])
        slopes.mean[2 * k + j] = scale * (rx - m * r) * precision
        slopes.logVariance[2 * k + j] =
          scale * 0.5 * ((rxx - 2 * m * rx + m * m * r) * precision - r)
      }
    }
    tapes.mean.setOutputGradient(slopes.mean)
    tapes.logVariance.setOutputGradient(slopes.logVariance)
  }
}
