import Foundation
import Notebook

/// The folder that holds the sources and the pages.
struct Package {
  let root: URL

  func url(_ path: String) -> URL { root.appending(path: path) }

  func exists(_ path: String) -> Bool {
    path != ".." && FileManager.default.fileExists(atPath: url(path).path)
  }

  /// The names of the files in a folder, sorted; hidden ones are left out.
  func files(in folder: String, ending: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url(folder).path)) ?? []
    return names.filter { $0.hasSuffix(ending) && !$0.hasPrefix(".") }.sorted()
  }

  func text(_ path: String) throws(Failure) -> String {
    guard let data = try? Data(contentsOf: url(path)) else {
      throw Failure(.inputCannotBeRead, "cannot read \(path): check that it may be read")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw Failure(.inputIsNotWhatItClaims, "\(path) is not UTF-8 text: save it as UTF-8")
    }
    return text.replacing("\r\n", with: "\n")
  }

  func page(_ path: String) throws(Failure) -> Page { Page(path: path, text: try text(path)) }

  /// The text of every Swift file in these folders.
  func swiftFiles(under folders: [String]) -> [String] {
    folders.flatMap { folder -> [String] in
      let found = FileManager.default.enumerator(atPath: url(folder).path)
      let paths = (found?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".swift") }
      return paths.sorted().compactMap { try? text("\(folder)/\($0)") }
    }
  }
}
