import Figures
import Notebook
import TinyNumerics
import ToyModels

extension Chapter3 {
  static func showJointView(in notebook: Notebook) throws {
    notebook.section("3.20", "The joint view: one divergence between two joints")
    notebook.text(
      """
      The encoder's joint p_data(x) q(z|x) against the decoder's p(z) p(x|z). Averaged over the \
      data, −ELBO is their divergence plus H(p_data), and the divergence is what the model gets \
      wrong about x plus what the guide gets wrong about z. One pixel with data N(1, 2.25) and one \
      latent, then two latents and three pixels:
      """)
    let rows = JointView.training + [("two latents, three pixels", JointView.plane)]
    notebook.table(
      ["", "E[−ELBO] − H", "D(joint‖joint)", "D(data‖model)", "E D(q‖p(z|x))"],
      rows.map { name, view in
        let numbers = [
          view.loss.value, view.jointDivergence, view.dataDivergence, view.guideDivergence.value,
        ]
        return [name] + numbers.map { (abs($0) < 1e-12 ? 0 : $0).decimals(9) }
      })
    for check in jointChecks(rows) { notebook.check(check) }
    try notebook.figure("chapter3-joint") { jointFigure(JointView.training) }
  }

  private static func jointChecks(_ rows: [(name: String, view: JointView)]) -> [Check] {
    let best = rows.map(\.view.withBestGuide)
    let (start, fitted) = (rows[0].view, rows[2].view)
    return [
      .worst(
        "3.20", "E[−ELBO] − H(p_data) = D(p_data q‖p(x,z))",
        of: rows.map { _, view in
          (
            view.loss.value, view.jointDivergence,
            view.loss.error + rounding(1, view.data.entropy, view.jointDivergence)
          )
        }),
      .worst(
        "3.20", "D(p_data q‖p(x,z)) = D(p_data‖p_θ) + E D(q‖p(z|x))",
        of: rows.map { _, view in
          (
            view.jointDivergence, view.dataDivergence + view.guideDivergence.value,
            view.guideDivergence.error + rounding(1, view.jointDivergence)
          )
        }),
      .worst(
        "3.20", "with q = p(z|x) only D(p_data‖p_θ) is left",
        of: best.map { view in
          (view.jointDivergence, view.dataDivergence, rounding(1, view.dataDivergence))
        }),
      .bound(
        "3.20", "dropping z loses divergence: D(p_data‖p_θ) ≤ D(p_data q‖p(x,z)), both wrong",
        lower: start.dataDivergence, upper: start.jointDivergence),
      .exact(
        "3.20", "the best model: E[−ELBO] = H(p_data)", fitted.loss.value, 0,
        allowance: fitted.loss.error + rounding(1, fitted.data.entropy)),
    ]
  }

  private static func jointFigure(_ rows: [(name: String, view: JointView)]) -> Figure {
    Figure(
      "Training draws two joint distributions together", width: 900, height: 360,
      panels: rows.enumerated().map { index, row in
        func ellipse(_ joint: Gaussian, _ label: String, _ colour: Mark.Colour) -> [Mark] {
          let c = joint.covariance
          return [1.0, 2].map { radius in
            .ellipse(
              centre: (joint.mean[0], joint.mean[1]),
              covariance: (xx: c[0, 0], xy: c[0, 1], yy: c[1, 1]), radius: radius,
              label: index == 0 && radius == 1 ? label : nil, colour: colour,
              style: colour == .first ? .solid : .dashed, fill: 0.08)
          }
        }
        return Panel(
          title: row.name, x: Axis("x", range: -3.5...5), y: Axis("z", range: -3...3),
          marks: ellipse(row.view.decoderJoint, "p(z) p(x|z)", .first)
            + ellipse(row.view.encoderJoint, "p_data(x) q(z|x)", .second))
      })
  }
}
