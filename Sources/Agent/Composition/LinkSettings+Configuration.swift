import Delivery
import Settings

extension LinkSettings {
  /// The link that the section `nats` asks for.
  init(_ section: CollectorSettings.NATS) {
    self.init(urls: section.urls, clientName: section.clientName)
    tls = TLSFiles(authorities: section.tls.caFile, certificate: section.tls.certFile, key: section.tls.keyFile)
  }
}
