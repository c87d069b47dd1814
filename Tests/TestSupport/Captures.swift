import Glibc

/// Recorded traffic of real exchanges. It is not part of this repository: tests that need it are skipped, and say so,
/// where the folder `../shared/captures` (from the package's root) does not exist.
package enum Captures {
  private static let folder: String? = {
    // Tests/TestSupport/Captures.swift: three components below the package's root.
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let folder = "/\(root)/../shared/captures"
    if access("\(folder)/\(files[0])", R_OK) == 0 { return folder }
    print("SKIPPED, LOUDLY: no recordings at \(folder); tests over real traffic do not run here.")
    return nil
  }()

  private static let files = ["binance-usdm-btcusdt-20240808.gz"]

  /// Whether the recordings are here.
  package static var areHere: Bool { folder != nil }

  /// The path of a recording, nil where there are none.
  package static func path(_ name: String) -> String? {
    folder.map { "\($0)/\(name)" }
  }
}
