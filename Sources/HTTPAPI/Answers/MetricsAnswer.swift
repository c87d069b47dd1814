import AdminProtocol
import Agent

/// `/metrics`: Prometheus text.
enum MetricsAnswer {
  static func metrics(_ call: RouteCall, _ context: APIContext) async throws(ProtocolError) -> Answer {
    Answer(contentType: PrometheusText.contentType, await context.service.prometheusText())
  }
}
