import TinyNetworks
import TinyNumerics

/// How fine and how wide the evidence's grid has to be for these images, and how fine it can be.
public struct Reach: Sendable {
  /// σ of the narrowest guide and |µ| of the farthest.
  let narrowest: Double
  let farthest: Double
  private let isCostly: Bool
  private let mostCells: Int

  /// What these guides ask for, one for each image.
  public init(of decoder: Decoder<Double>, guides: [DiagonalGaussian]) {
    self.init(
      narrowest: guides.flatMap(\.standardDeviation).min() ?? 1,
      farthest: guides.flatMap(\.mean).map(abs).max() ?? 0,
      isCostly: Reach.costOfNode(of: decoder, imageCount: guides.count) > 100_000,
      mostCells: Reach.mostCells(of: decoder, imageCount: guides.count))
  }

  init(
    narrowest: Double, farthest: Double = 0, isCostly: Bool = false, mostCells: Int = 1200
  ) {
    self.narrowest = narrowest
    self.farthest = farthest
    self.isCostly = isCostly
    self.mostCells = mostCells
  }

  /// |z_d| ≤ 8, where all but 3e-15 of the prior lies; guides beyond |µ_d| = 3 push the edges out.
  private var halfWidth: Double { max(8, (farthest + 5).rounded(.up)) }

  /// A spacing of at most 0.4 of the narrowest guide, for posteriors are about as wide as their
  /// guides, or 0.8 where nodes are costly: whether that is fine enough, the grid itself tells.
  private var wanted: Double {
    (2 * halfWidth / ((isCostly ? 0.8 : 0.4) * narrowest)).rounded(.up)
  }

  public var grid: Grid {
    Grid(over: -halfWidth...halfWidth, count: Int(min(max(wanted, 80), Double(mostCells))))
  }

  /// Not worth trying where nodes lie more than 1.6 of the narrowest guide apart: a spacing of rσ
  /// costs a relative error of 2 exp(−2π²/r²), 1e-7 for a posterior of 1.5 times the guide's width.
  public var isHopeless: Bool { grid.spacing > 1.6 * narrowest }

  /// 1,200 cells a side of a plane, or as many nodes on a line; fewer where they would cost more
  /// than 1.5e11 multiplications, five seconds or so on two cores.
  static func mostCells(of decoder: Decoder<Double>, imageCount: Int) -> Int {
    let cost = costOfNode(of: decoder, imageCount: imageCount)
    let nodes = min(1200 * 1200, 150_000_000_000 / cost)
    return max(80, decoder.latentDimension == 1 ? nodes : Int(Double(nodes).squareRoot()))
  }

  /// Multiplications, with an output's elementary functions taken for twenty of them.
  private static func costOfNode(of decoder: Decoder<Double>, imageCount: Int) -> Int {
    decoder.network.parameterCount + decoder.network.outputWidth * (imageCount + 20)
  }
}
