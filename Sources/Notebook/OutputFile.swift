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
