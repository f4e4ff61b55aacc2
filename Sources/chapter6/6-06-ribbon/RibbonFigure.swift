import Figures
import TinyNumerics

extension RibbonStudy {
  var figure: Figure {
    let ranges = (x: -2.6...3.2, y: -3.2...3.0)
    func panel(_ title: String, _ joint: RibbonJoint, _ marks: [Mark] = []) -> Panel {
      let curve = zip(RibbonJoint.z, joint.means).filter { abs($0.0) < 2.5 }.map(\.1)
      return Panel(
        title: title, x: Axis("x₁", range: ranges.x), y: Axis("x₂", range: ranges.y),
        equalAspect: true,
        marks: [
          .density(
            Surface(x: ranges.x, y: ranges.y) { x, y in
              exp(joint.logEvidence(SIMD2(x, y)))
            })
        ] + marks + [
          .line(curve.map { ($0.x, $0.y) }, label: "f(z), |z| < 2.5", colour: .second)
        ])
    }
    return Figure(
      "A ribbon, its samples, and what two climbs make of them", width: 800, height: 860,
      columns: 2,
      panels: [
        panel(
          "p_true, and 400 of the points", plane.joint,
          [.points(data.prefix(400).map { ($0.x, $0.y) }, colour: .ink, size: 2)]),
        panel("up the ELBO", trained.joint),
        panel("up log p, fresh starts", fitted.joint),
        posteriorPanel,
      ])
  }

  /// p(z|x) where the ribbon crosses itself.
  private var posteriorPanel: Panel {
    let x = SIMD2(0.48, 0.30)
    func curve(_ joint: RibbonJoint) -> [(Double, Double)] {
      Array(zip(RibbonJoint.z, joint.posterior(given: x))).filter { abs($0.0) < 3 }
    }
    /// z turned round where that is nearer to the truth.
    func aligned(_ vae: RibbonVAE) -> RibbonJoint {
      let joint = vae.joint
      let (plain, mirrored) = (
        jointDivergence(plane.joint, relativeTo: joint),
        jointDivergence(plane.joint, relativeTo: joint.mirrored)
      )
      return plain < mirrored ? joint : joint.mirrored
    }
    return Panel(
      title: "p(z|x) at the crossing, x = (0.48, 0.30)", x: Axis("z or −z"), y: Axis(),
      marks: [
        .area(curve(plane.joint), label: "truth", colour: .muted),
        .line(curve(aligned(trained)), label: "up the ELBO"),
        .line(curve(aligned(fitted)), label: "up log p, fresh", colour: .second),
        .line(curve(aligned(nearby)), label: "up log p, from the truth", colour: .third),
      ])
  }
}
