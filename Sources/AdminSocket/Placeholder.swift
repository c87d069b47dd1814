enum PlaceholderAdminSocket {}
