enum PlaceholderHTTPAPI {}
import Hummingbird
