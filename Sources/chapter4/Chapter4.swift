import Foundation
import Notebook
import TinyNumerics
import ToyModels

@main
struct Chapter4: Chapter {
  static let number = 4
  static let title = "The amortized guide"
  static let summary = """
    Replaces one variational posterior a data point by a network that knows them all, and measures what \
    that costs: log p(x) − ELBO = approximation gap + amortization gap, for guides of growing width.
    """

  static func run(in notebook: Notebook) throws {
    let study = Study(seed: notebook.seed)
    study.showLocal(in: notebook)
    study.showGaps(in: notebook)
    study.showLinearGuide(in: notebook)
    try study.showGuides(in: notebook)
    study.showSubsampling(in: notebook)
    study.showCost(in: notebook)
    study.showUnseen(in: notebook)
    try study.showConditions(in: notebook)
    try study.showReconstruction(in: notebook)
    study.showTraps(in: notebook)
  }
}
