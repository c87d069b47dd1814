enum PlaceholderAdminProtocol {}
