// swift-tools-version: 6.3
import Foundation
import PackageDescription

// No dependencies: `dependencies:` is absent on purpose, and stays so.

// What a processor can do decides how one line of the matrix kernel is written. Where a fused
// multiply-add is one instruction we ask for it; elsewhere asking would call a library routine a lane.
var defines: [SwiftSetting] = []
#if arch(arm64)
  defines.append(.define("FUSED_MULTIPLY_ADD"))
#else
  let processor = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
  if processor.split(whereSeparator: { " \n\t".contains($0) }).contains("fma") {
    defines.append(.define("FUSED_MULTIPLY_ADD"))
  }
#endif

var flags = [
  // `swift run` builds the debug configuration: optimise it too, or numbers take minutes.
  "-O",
  // Nothing inlines or specialises across files unless the module is compiled as a whole…
  "-wmo",
  // …by two threads, as one job.
  "-num-threads", "2", "-disable-batch-mode",
]
var processorFlags: [String] = []
#if arch(x86_64)
  processorFlags = [
    // Use the vector instructions of the machine that builds (Swift's code generator follows Clang here).
    "-Xcc", "-march=native",
    // A square root is one instruction when nobody asks it to set `errno`.
    "-Xcc", "-fno-math-errno",
  ]
#endif

let optimised: [SwiftSetting] =
  defines + [
    .unsafeFlags(flags, .when(configuration: .debug)),
    .unsafeFlags(processorFlags),
  ]

/// A chapter is an executable on top of the three libraries, and its tests.
func chapter(_ number: Int, resources: [Resource] = []) -> [Target] {
  let libraries: [Target.Dependency] = ["ToyModels", "TinyNumerics", "Notebook"]
  let name = "chapter\(number)"
  return [
    .executableTarget(
      name: name, dependencies: libraries, resources: resources, swiftSettings: optimised),
    .testTarget(name: name + "Tests", dependencies: [.byName(name: name)] + libraries),
  ]
}

let libraries: [Target] = [
  .target(name: "TinyNumerics", swiftSettings: optimised),
  .testTarget(name: "TinyNumericsTests", dependencies: ["TinyNumerics"]),
  .target(name: "Notebook", swiftSettings: optimised),
  .testTarget(name: "NotebookTests", dependencies: ["Notebook"]),
  .target(name: "ToyModels", dependencies: ["TinyNumerics"], swiftSettings: optimised),
  .testTarget(name: "ToyModelsTests", dependencies: ["ToyModels", "TinyNumerics"]),
  .executableTarget(
    name: "bench", dependencies: ["ToyModels", "TinyNumerics"], swiftSettings: optimised),
]

/// `weave` runs the chapters' binaries, which depending on them builds.
let weave: [Target] = [
  .executableTarget(
    name: "weave",
    dependencies: ["Notebook"] + (1...6).map { .byName(name: "chapter\($0)") },
    swiftSettings: optimised),
  .testTarget(
    name: "weaveTests", dependencies: ["weave", "Notebook"], exclude: ["chapter.sh"]),
]

let package = Package(
  name: "vae-by-numbers",
  platforms: [.macOS(.v15)],
  targets: libraries
    + chapter(1)
    + chapter(2)
    + chapter(3)
    + chapter(4)
    + chapter(5)
    + chapter(6, resources: [.copy("Digits")])
    + weave,
  swiftLanguageModes: [.v6]
)
