#if os(Linux)
  import Foundation
  import Notebook
  import TestSupport
  import Testing
  import TinyNumerics

  @testable import ImageModels

  /// The most that this process ever had in memory, in bytes.
  private func peakMemory() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return 1024 * (try #require(line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }))
  }

  /// What `body` adds to that peak.
  private func peakGrowth(_ body: () throws -> Void) throws -> Int {
    let before = try peakMemory()
    try body()
    return try peakMemory() - before
  }

  private func requireAtMost(_ megabytes: Int, _ growth: Int) {
    if growth > megabytes << 20 { fatalError("\(growth >> 20) MB instead of \(megabytes)") }
  }

  /// A size as an attacker would choose it.
  private func size(using generator: inout Threefry) -> UInt64 {
    let power = UInt64(1) << UInt64.random(in: 0..<63, using: &generator)
    return power &+ UInt64.random(in: 0...2, using: &generator) &- 1
  }

  /// Each in a process of its own: the peak is the process's.
  @Suite("memory: no more than a small multiple of the file, whatever it claims")
  struct PeakMemoryTests {
    @Test("10,000 IDX headers with claims of any size, 64 bytes behind them: 16 MB in all")
    func images() async {
      await #expect(processExitsWith: .success) {
        var generator = Threefry(seed: 11)
        let growth = try peakGrowth {
          for _ in 0..<10_000 {
            let count = Int.random(in: 1...3, using: &generator)
            let sizes = (0..<count).map { _ in UInt32(size(using: &generator) & 0xffff_ffff) }
            let data = idx(sizes, body: 64)
            if let array = try? IDX(data, name: "x", dimensions: count) {
              require(array.bytes.count == 64, "what is there")
            }
            let promise = try? IDX.promise(data.prefix(4 + 4 * count), name: "x", dimensions: count)
            require((promise ?? 0) <= IDX.limit, "no more than is read")
          }
        }
        requireAtMost(16, growth)
      }
    }

    @Test("10,000 model headers with claims of any size: 16 MB in all")
    func models() async {
      await #expect(processExitsWith: .success) {
        var generator = Threefry(seed: 12)
        let small = exampleModelFile()
        let folder = try TemporaryFolder()
        try small.write(to: folder.path + "/m")
        let good = try Safetensors(contentsOf: folder.path + "/m")
        let growth = try peakGrowth {
          for round in 0..<10_000 {
            let (a, b) = (size(using: &generator), size(using: &generator))
            switch round % 3 {
            case 0: _ = try? Safetensors(parsing: safetensors("{}", length: a), name: "x")
            case 1:
              let end = Bool.random(using: &generator) ? 4 &* a &* b : b
              let header =
                #"{"x": {"dtype": "F32", "shape": [\#(a), \#(b)], "data_offsets": [0, \#(end)]}}"#
              _ = try? Safetensors(parsing: safetensors(header, [1]), name: "x")
            default:
              let keys = ["rows", "columns", "latent", "hidden", "brightest", "batch", "epochs"]
              var metadata = good.metadata
              metadata[keys.randomElement(using: &generator)!] = "\(a)"
              metadata[keys.randomElement(using: &generator)!] = "\(b)"
              metadata["likelihood"] =
                PixelEncoding.Kind.allCases
                .randomElement(using: &generator)?.rawValue
              let file = Safetensors(metadata: metadata, tensors: good.tensors)
              _ = try? ModelFile(file, name: "x")
            }
          }
        }
        requireAtMost(16, growth)
      }
    }

    @Test("a large array takes its size three times at most, a compressed one too")
    func largeImages() async {
      await #expect(processExitsWith: .success) {
        let folder = try TemporaryFolder()
        let path = try folder.write(idx([1000, 100, 200], body: 20_000_000), "large")
        requireAtMost(60, try peakGrowth { _ = try IDX(contentsOf: path, dimensions: 3) })
      }
      await #expect(processExitsWith: .success) {
        let folder = try TemporaryFolder()
        let head = try gzip(idx([20, 8, 8], body: 0), in: folder)
        // 20 MB of zeros in 90 kB behind a header that promises 1,280 bytes.
        let path = folder.path + "/bomb.gz"
        let script = "{ cat; head -c 20000000 /dev/zero | gzip -1; } > \(path)"
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", script]
        shell.standardInput = try FileHandle(
          forReadingFrom: URL(fileURLWithPath: try folder.write(head, "head")))
        try shell.run()
        shell.waitUntilExit()
        requireAtMost(8, try peakGrowth { _ = try? IDX(contentsOf: path, dimensions: 3) })
      }
    }

    @Test(
      "a large model takes its size six times at most: its weights are read, turned and doubled")
    func largeModel() async {
      await #expect(processExitsWith: .success) {
        let folder = try TemporaryFolder()
        // Zeros: 2,000 × 1,000 weights, 8 MB.
        let header =
          #"{"x": {"dtype": "F32", "shape": [2000, 1000], "data_offsets": [0, 8000000]}}"#
        var data = safetensors(header)
        data.append(Data(count: 8_000_000))
        let path = try folder.write(data, "large")
        data = Data()
        requireAtMost(48, try peakGrowth { _ = try Safetensors(contentsOf: path) })
      }
    }
  }
#endif
