enum PlaceholderFeeds {}
import NIOWebSocket
import NIOSSL
import AsyncHTTPClient
