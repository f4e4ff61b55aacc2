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

let debugFlags = [
  // `swift run` builds the debug configuration: optimise it too, or numbers take minutes.
  "-O"
]
/// Libraries are compiled as a whole, by two threads: nothing inlines or specialises across files
/// otherwise. Chapters are not, so that a changed number in one file costs that file.
let wholeModule = ["-wmo", "-num-threads", "2", "-disable-batch-mode"]
var processorFlags: [String] = []
#if arch(x86_64)
  processorFlags = [
    // Use the vector instructions of the machine that builds (Swift's code generator follows Clang here).
    "-Xcc", "-march=native",
    // A square root is one instruction when nobody asks it to set `errno`.
    "-Xcc", "-fno-math-errno",
  ]
#endif

let ofLibraries: [SwiftSetting] =
  defines + [
    .unsafeFlags(debugFlags + wholeModule, .when(configuration: .debug)),
    .unsafeFlags(processorFlags),
  ]
let ofPrograms: [SwiftSetting] =
  defines + [
    .unsafeFlags(debugFlags, .when(configuration: .debug)), .unsafeFlags(processorFlags),
  ]

/// How many chapters there are stands here; whoever else asks looks for the folders.
let chapters = (1...8).map { "chapter\($0)" }

/// What several targets of tests share: a test target cannot import another.
let support: Target = .target(
  name: "TestSupport", dependencies: ["TinyNetworks", "TinyNumerics"], path: "Tests/TestSupport",
  swiftSettings: ofPrograms)

/// Sources/NAME and its tests in Tests/NAMETests, which see what it sees.
func library(
  _ name: String, on libraries: [Target.Dependency] = [], resources: [Resource] = [],
  tests: [Target.Dependency] = []
) -> [Target] {
  [
    .target(
      name: name, dependencies: libraries, resources: resources, swiftSettings: ofLibraries),
    .testTarget(name: name + "Tests", dependencies: [.byName(name: name)] + libraries + tests),
  ]
}

/// The arrows of the house point one way: what a module builds on stands above it.
let libraries: [Target] =
  library("TinyNumerics")
  + library("TinyNetworks", on: ["TinyNumerics"])
  + library("ToyModels", on: ["TinyNetworks", "TinyNumerics"])
  + library("Figures")
  + library("Notebook", on: ["Figures"])
  + library(
    "ImageModels", on: ["ToyModels", "TinyNetworks", "TinyNumerics", "Notebook"],
    resources: [.copy("Digits")], tests: ["TestSupport"])

let shared: [Target.Dependency] = [
  "ImageModels", "ToyModels", "TinyNetworks", "TinyNumerics", "Notebook", "Figures",
]

/// A chapter is an executable on top of the libraries, and its tests.
func chapter(_ name: String) -> [Target] {
  [
    .executableTarget(name: name, dependencies: shared, swiftSettings: ofPrograms),
    .testTarget(
      name: name + "Tests", dependencies: [.byName(name: name), "TestSupport"] + shared),
  ]
}

let allChapters: [Target.Dependency] = chapters.map { .byName(name: $0) }

let tools: [Target] = [
  .executableTarget(
    name: "bench", dependencies: ["ToyModels", "TinyNetworks", "TinyNumerics"],
    swiftSettings: ofLibraries),
  // `weave` runs the chapters' binaries, which depending on them builds.
  .executableTarget(
    name: "weave", dependencies: ["Notebook"] + allChapters, swiftSettings: ofPrograms),
  .testTarget(
    name: "weaveTests", dependencies: ["weave", "Notebook"], exclude: ["chapter.sh"]),
  // Tests of all chapters at once: their Monte Carlo checks over many seeds, their bytes over many runs.
  .testTarget(name: "CalibrationTests", dependencies: shared + allChapters),
]

let package = Package(
  name: "vae-by-numbers",
  platforms: [.macOS(.v15)],
  targets: libraries + [support] + chapters.flatMap(chapter) + tools,
  swiftLanguageModes: [.v6]
)
