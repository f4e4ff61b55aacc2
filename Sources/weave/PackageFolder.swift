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

  /// The numbers of the chapters: the folders Sources/chapter1, Sources/chapter2, …
  var chapters: [Int] {
    files(in: "Sources", ending: "").compactMap { name in
      name.wholeMatch(of: /chapter(\d{1,3})/).flatMap { Int($0.1) }
    }.sorted()
  }

  /// Every Swift file in a folder, by its path.
  func swiftFiles(in folder: String) -> [(path: String, text: String)] {
    let found = FileManager.default.enumerator(atPath: url(folder).path)
    let paths = (found?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".swift") }
    return paths.sorted().compactMap { name in
      let path = "\(folder)/\(name)"
      return (try? text(path)).map { (path, $0) }
    }
  }

  /// The text of every Swift file in these folders.
  func swiftFiles(under folders: [String]) -> [String] {
    folders.flatMap { swiftFiles(in: $0).map(\.text) }
  }
}
