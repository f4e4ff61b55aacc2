import Foundation
import Testing

@testable import Notebook

@Suite("Output files")
struct OutputFileTests {
  let folder: TemporaryFolder
  let files = FileManager.default

  init() throws { folder = try TemporaryFolder() }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  /// The complaint about `path`, which has to be a whole one.
  private func complaint(_ path: String, _ body: () throws(Failure) -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      #expect(error.status == .outputCannotBeCreated)
      #expect(error.status.rawValue == 73)
      #expect(path.isEmpty || error.message.contains(path))
      #expect(error.message.contains("choose"))
      return error.message
    }
  }

  private func refused(_ target: String) -> Bool {
    complaint(target) { () throws(Failure) in try writeFile(Data("new".utf8), to: target) } != nil
  }

  private func type(_ path: String) throws -> FileAttributeType? {
    try files.attributesOfItem(atPath: path)[.type] as? FileAttributeType
  }

  @Test("what is absent is made, what is there is replaced, and nothing else is left behind")
  func writes() throws {
    try writeFile(Data("one".utf8), to: path("a"))
    #expect(files.contents(atPath: path("a")) == Data("one".utf8))
    try writeFile(Data(), to: path("a"))
    #expect(files.contents(atPath: path("a")) == Data())
    try writeFile(Data("ü".utf8), to: path("ü 👩‍👩‍👧 %s"))
    #expect(folder.contents == ["a", "ü 👩‍👩‍👧 %s"])
  }

  @Test("a file that is read-only is refused and stays, whoever asks")
  func readOnly() throws {
    try writeFile(Data("old".utf8), to: path("kept"))
    try files.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path("kept"))
    #expect(refused(path("kept")))
    #expect(complaint(path("kept")) { () throws(Failure) in try prepareFile(path("kept")) } != nil)
    #expect(files.contents(atPath: path("kept")) == Data("old".utf8))
  }

  @Test("a name that cannot be made is refused beforehand; trying leaves nothing behind")
  func names() throws {
    let long = path(String(repeating: "x", count: 300))
    #expect(complaint(long) { () throws(Failure) in try prepareFile(long) } != nil)
    try prepareFile(path("new"))
    #expect(folder.contents == [])
  }

  @Test("one file under two names")
  func sameFile() throws {
    try writeFile(Data(), to: path("a"))
    try files.createSymbolicLink(atPath: path("link"), withDestinationPath: "a")
    #expect(isSameFile(path("a"), folder.path + "/./a") && isSameFile(path("link"), path("a")))
    #expect(!isSameFile(path("a"), path("b")) && !isSameFile(path("b"), path("b")))
  }

  @Test("a folder is refused, its contents untouched")
  func directory() throws {
    try files.createDirectory(atPath: path("d"), withIntermediateDirectories: false)
    try writeFile(Data("kept".utf8), to: path("d/kept"))
    #expect(refused(path("d")))
    #expect(refused(path("d/")))
    #expect(files.contents(atPath: path("d/kept")) == Data("kept".utf8))
    #expect(folder.contents == ["d"])
  }

  @Test("a link is refused and stays one, wherever it points")
  func links() throws {
    try writeFile(Data("old".utf8), to: path("target"))
    let targets = ["target", "nowhere", "/dev/null", ".", "loop"]
    for (i, target) in targets.enumerated() {
      let link = path(target == "loop" ? "loop" : "link\(i)")
      try files.createSymbolicLink(atPath: link, withDestinationPath: target)
      #expect(refused(link), "\(target)")
      #expect(refused(link + "/"), "\(target)/")
      #expect(try type(link) == .typeSymbolicLink)
    }
    #expect(files.contents(atPath: path("target")) == Data("old".utf8))
    #expect(try type("/dev/null") == .typeCharacterSpecial)
    #expect(folder.contents == ["link0", "link1", "link2", "link3", "loop", "target"])
  }

  @Test("devices are refused (only asked, nothing is written)")
  func devices() {
    for device in ["/dev/null", "/dev/zero"] {
      let message = complaint(device) { () throws(Failure) in try requireRegularOrAbsent(device) }
      #expect(message?.contains("not a regular file") == true)
    }
  }

  @Test("a pipe is refused at once, without waiting for a reader", .timeLimit(.minutes(1)))
  func pipe() throws {
    #expect(mkfifo(path("pipe"), 0o600) == 0)
    #expect(refused(path("pipe")))
    #expect(folder.contents == ["pipe"])
    var status = stat()
    #expect(lstat(path("pipe"), &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
  }

  @Test("no such parent, a file for a parent, a parent that takes no files, no path")
  func parents() throws {
    try writeFile(Data("kept".utf8), to: path("file"))
    #expect(refused(path("missing/a")))
    #expect(refused(path("file/a")))
    #expect(refused("/proc/vae-by-numbers"))
    #expect(refused(""))
    #expect(refused(path(String(repeating: "x", count: 5000))))
    #expect(files.contents(atPath: path("file")) == Data("kept".utf8))
    #expect(folder.contents == ["file"])
  }

  /// Permissions do not bind root.
  @Test("a parent without permission", .enabled(if: getuid() != 0))
  func permissions() throws {
    try files.createDirectory(
      atPath: path("d"), withIntermediateDirectories: false, attributes: [.posixPermissions: 0o500])
    #expect(refused(path("d/a")))
    let message = complaint(path("d")) { () throws(Failure) in try prepareFolder(path("d")) }
    #expect(message != nil)
  }

  @Test("what would be refused is refused beforehand, and nothing is made")
  func beforehand() throws {
    try writeFile(Data("kept".utf8), to: path("file"))
    try files.createSymbolicLink(atPath: path("link"), withDestinationPath: "file")
    let before = folder.contents
    for target in [
      path("link"), folder.path, path("missing/a"), path("file/a"), "/dev/null", "/proc/x", "",
    ] {
      let message = complaint(target) { () throws(Failure) in try prepareFile(target) }
      #expect(message != nil || target == "/proc/x" && getuid() == 0, "\(target)")
    }
    try prepareFile(path("file"))
    try prepareFile(path("new"))
    #expect(folder.contents == before)
    #expect(files.contents(atPath: path("file")) == Data("kept".utf8))
  }

  @Test("a folder is made with its parents, or taken as it is")
  func folders() throws {
    try prepareFolder(path("a/b/c"))
    try prepareFolder(path("a/b/c"))
    try files.createSymbolicLink(atPath: path("link"), withDestinationPath: "a")
    try prepareFolder(path("link"))
    #expect(try type(path("a/b/c")) == .typeDirectory)
    #expect(try type(path("link")) == .typeSymbolicLink)
  }

  @Test("what cannot be a folder is refused and stays what it was")
  func noFolders() throws {
    try writeFile(Data("kept".utf8), to: path("file"))
    try files.createSymbolicLink(atPath: path("dangling"), withDestinationPath: "nowhere")
    #expect(mkfifo(path("pipe"), 0o600) == 0)
    for target in [
      path("file"), path("file/d"), path("pipe"), path("dangling"), "/dev/null", "/proc/x/y", "",
    ] {
      let message = complaint(target) { () throws(Failure) in try prepareFolder(target) }
      #expect(message != nil, "\(target)")
    }
    #expect(files.contents(atPath: path("file")) == Data("kept".utf8))
    #expect(folder.contents == ["dangling", "file", "pipe"])
  }
}
