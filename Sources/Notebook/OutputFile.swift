import Foundation

/// Writes a file whole or not at all, and only where a file may stand.
///
/// The bytes go to a temporary neighbour that is then renamed. Renaming replaces links and device
/// nodes, so a target that is neither absent nor a regular file is refused.
public func writeFile(_ bytes: Data, to path: String) throws(Failure) {
  try requireRegularOrAbsent(path)
  do {
    try bytes.write(to: URL(fileURLWithPath: path), options: .atomic)
  } catch {
    throw Failure(.outputCannotBeCreated, "cannot write \(path): choose a path that can be written")
  }
}

func requireRegularOrAbsent(_ path: String) throws(Failure) {
  // `attributesOfItem` does not follow links, unless the path ends in a slash: `URL` drops that.
  let target = URL(fileURLWithPath: path).path
  guard let attributes = try? FileManager.default.attributesOfItem(atPath: target) else { return }
  guard attributes[.type] as? FileAttributeType == .typeRegular else {
    throw Failure(
      .outputCannotBeCreated,
      "cannot write \(path): it is there and is not a regular file; choose another path")
  }
  // The temporary neighbour would replace it all the same, and nothing holds root back.
  let permissions = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0o200
  guard permissions & 0o222 != 0, FileManager.default.isWritableFile(atPath: target) else {
    throw Failure(
      .outputCannotBeCreated, "cannot write \(path): it is read-only; choose another path")
  }
}

/// Whether two paths lead to one file, through links or names of other case.
public func isSameFile(_ a: String, _ b: String) -> Bool {
  func identity(_ path: String) -> [Int]? {
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let attributes = try? FileManager.default.attributesOfItem(atPath: target)
    let numbers = [attributes?[.systemNumber], attributes?[.systemFileNumber]]
    return attributes.map { _ in numbers.map { ($0 as? NSNumber)?.intValue ?? 0 } }
  }
  return identity(a).map { $0 == identity(b) } ?? false
}

/// Complains about a path that `writeFile` would refuse, before any long work starts.
public func prepareFile(_ path: String) throws(Failure) {
  try requireRegularOrAbsent(path)
  let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue
  else {
    throw Failure(
      .outputCannotBeCreated,
      "cannot write \(path): \(folder) is no folder; make it or choose another")
  }
  guard FileManager.default.isWritableFile(atPath: folder) else {
    throw Failure(
      .outputCannotBeCreated, "cannot write \(path): choose a folder that can be written")
  }
  try requireName(path)
}

/// Some names cannot be made though their folder can be written into: too long, or of characters
/// that the disk does not know. A file that was not there is made and taken away again.
private func requireName(_ path: String) throws(Failure) {
  let url = URL(fileURLWithPath: path)
  guard !FileManager.default.fileExists(atPath: url.path) else { return }
  do {
    try Data().write(to: url, options: .withoutOverwriting)
    try FileManager.default.removeItem(at: url)
  } catch {
    throw Failure(
      .outputCannotBeCreated, "cannot write \(path): choose a shorter or simpler name")
  }
}

/// Makes `path` a folder that can be written into, before any long work starts.
func prepareFolder(_ path: String) throws(Failure) {
  do {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  } catch {
    throw Failure(
      .outputCannotBeCreated,
      "cannot make the folder \(path): choose a folder that can be made or written")
  }
  guard FileManager.default.isWritableFile(atPath: path) else {
    throw Failure(
      .outputCannotBeCreated, "cannot write into \(path): choose a folder that can be written")
  }
}
