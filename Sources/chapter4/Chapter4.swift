import Notebook

@main
struct Chapter4: Chapter {
  static let number = 4
  static let title = "The amortized guide"
  static let summary = """
    Replaces one variational posterior a data point by a network that knows them all, and measures \
    what that costs: log p(x) − ELBO = approximation gap + amortization gap, for guides of growing \
    width.
    """

  static func run(in notebook: Notebook) throws {
    let study = Study(seed: notebook.seed)
    study.showLocal(in: notebook)  // 4.1
    study.showGaps(in: notebook)  // 4.2
    study.showLinearGuide(in: notebook)  // 4.3
    try study.showGuides(in: notebook)  // 4.4
    study.showSubsampling(in: notebook)  // 4.5
    study.showCost(in: notebook)  // 4.6
    study.showUnseen(in: notebook)  // 4.7
    try study.showConditions(in: notebook)  // 4.8
    try study.showReconstruction(in: notebook)  // 4.9
    try study.showFullCovariance(in: notebook)  // 4.10
    study.showTraps(in: notebook)  // 4.T
  }
}
