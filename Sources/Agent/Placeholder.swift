enum PlaceholderAgent {}
import CoreMetrics
