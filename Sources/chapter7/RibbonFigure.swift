import Figures
import TinyNumerics
import ToyModels

extension Chapter7 {
  static func ribbonFigure(_ plane: RibbonPlane, _ best: Double) -> Figure {
    let model = NeuralModel.example
    var generator = Threefry(seed: 1, row: 10, part: 1)
    let data = (0..<500).map { _ -> (Double, Double) in
      let x = model.sample(using: &generator).x
      return (x.x, x.y)
    }
    let curve = (0...600).map { i -> (Double, Double) in
      let mean = model.decode(-4 + Double(i) / 75).mean
      return (mean.x, mean.y)
    }
    let noises = (0...40).map { 0.12 * exp(0.0525 * Double($0)) }
    let entropy = plane.expectation { -log($1) }.value
    return Figure(
      "A curve through the data, and what its likelihood is made of",
      description: """
        Left: draws of the ribbon with its own noise, and the ribbon's mean curve, on which none \
        of them lies. Right: the expected log-density of the curve with noise σ against σ: it \
        falls steeply as σ goes to zero, and its maximum at 0.33 stays below −H(p).
        """,
      width: 860, height: 380,
      panels: [
        Panel(
          title: "Data, and x = f(z)", x: Axis("x₁"), y: Axis("x₂"), equalAspect: true,
          marks: [
            .points(data, label: "data", colour: .muted),
            .line(curve, label: "x = f(z)", colour: .second),
          ]),
        Panel(
          title: "E log p_σ: noise is what is scored", x: Axis("σ"),
          y: Axis("nats", range: -4.2 ... -2),
          marks: [
            .line(
              noises.map { ($0, plane.score(noise: $0).value.value) }, label: "E_p log p_σ",
              colour: .first),
            .horizontal(at: -entropy, label: "−H(p)"),
            .vertical(at: best, label: "best σ"),
          ]),
      ])
  }
}
