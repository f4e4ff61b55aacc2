import Foundation

/// The contents of a regular file of at most `limit` bytes; `kind` says what is wanted: "an IDX
/// file".
public func readFile(_ path: String, kind: String, atMost limit: Int) throws(Failure) -> Data {
  let (file, size) = try openFile(path, kind: kind, atMost: limit)
  defer { try? file.close() }
  do {
    return size == 0 ? Data() : try file.read(upToCount: size) ?? Data()
  } catch {
    throw unreadable(path)
  }
}

/// Opens a regular file, or the one a link leads to. Folders, devices and pipes are refused, not
/// waited for, and the size is looked at before anything is read.
public func openFile(
  _ path: String, kind: String, atMost limit: Int
) throws(Failure) -> (file: FileHandle, size: Int) {
  let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved) else {
    throw Failure(.inputCannotBeRead, "\(path) is not there: check the path")
  }
  guard attributes[.type] as? FileAttributeType == .typeRegular else {
    throw Failure(.inputCannotBeRead, "\(path) is not a file: give the path of \(kind)")
  }
  let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
  guard size <= limit else {
    throw Failure(.inputIsNotWhatItClaims, "\(path) has \(size) bytes: at most \(limit) are read")
  }
  guard let file = FileHandle(forReadingAtPath: resolved) else { throw unreadable(path) }
  return (file, size)
}

private func unreadable(_ path: String) -> Failure {
  Failure(.inputCannotBeRead, "\(path) cannot be read: check its permissions")
}
