import TinyNumerics

/// P(x_1 … x_j) of all beginnings, from the table of whole images: later pixels are summed over.
func beginnings(of table: [Double], length: Int) -> [Double] {
  let block = table.count >> length
  return (0..<1 << length).map { table[$0 * block..<($0 + 1) * block].reduce(0, +) }
}

/// Eq. 7.2, in nats, exact: the terms of D(r ‖ p) = Σ_j E_r[D(r(x_j | x_<j) ‖ p(x_j | x_<j))],
/// which is the chain rule of eq. 1.5, once a pixel.
///
/// - Parameter table: r(x) of all images, none of them zero.
func chainTerms(_ table: [Double], relativeTo p: PixelChain) -> [Double] {
  (0..<p.count).map { j in
    let parents = beginnings(of: table, length: j)
    let children = beginnings(of: table, length: j + 1)
    return zip(parents, allImages(pixels: j)).enumerated().reduce(0) { sum, beginning in
      let (i, (probability, x)) = beginning
      let set = children[2 * i + 1]
      let r = Bernoulli(logit: log(set) - log(children[2 * i]))
      return sum + probability
        * klDivergence(r, relativeTo: Bernoulli(logit: p.logit(j, given: x)))
    }
  }
}

/// The same terms as what each further pixel adds: D of the beginnings of j pixels less D of those
/// of j − 1, each summed over outcomes.
func chainTermsByDifferences(_ table: [Double], relativeTo p: PixelChain) -> [Double] {
  let divergences = (0...p.count).map { length in
    klDivergence(
      Discrete(weights: beginnings(of: table, length: length)),
      relativeTo: Discrete(weights: p.prefixes(length: length)))
  }
  return zip(divergences.dropFirst(), divergences).map(-)
}

/// Eq. 7.2: no conditional shares a weight with another, so that maximum likelihood is J separate
/// concave problems, one logistic regression a pixel on the pixels before it.
///
/// - Parameters:
///   - images: rows of equally many binary pixels.
///   - counts: how often each row was seen; once if nothing is said.
///   - priorPrecision: λ of the prior N(0, 1/λ) on every weight and intercept; 0 is none.
func fittedChain(
  to images: [[Bool]], counts: [Double]? = nil, priorPrecision: Double
) -> (chain: PixelChain, regressions: [LogisticRegression]) {
  let pixels = images[0].count
  let counts = counts ?? images.map { _ in 1 }
  let numbers = images.map { $0.map { $0 ? 1.0 : 0 } }
  let regressions = (0..<pixels).map { j in
    LogisticRegression(
      zip(numbers, counts).map { x, count in
        .init(features: Array(x[..<j]), label: x[j] == 1, weight: count)
      }, priorPrecision: priorPrecision)
  }
  let chain = PixelChain(
    intercepts: regressions.map(\.intercept), weights: regressions.map(\.slopes))
  return (chain, regressions)
}
