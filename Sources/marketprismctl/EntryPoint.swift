import AdminClient
import Glibc

/// Where the process begins.
@main
enum EntryPoint {
  static func main() { exit(AdminTool.main()) }
}
