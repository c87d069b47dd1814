public import Agent

extension HTTPAPIServer {
  /// Adds the requests by status to the metrics page.
  public func addCounts(to registry: PrometheusRegistry) {
    registry.addCollector { [weak self] sink in
      for (status, count) in self?.requestCounts ?? [] {
        sink.record(.httpRequests, labels: [String(status)], count)
      }
    }
  }
}
