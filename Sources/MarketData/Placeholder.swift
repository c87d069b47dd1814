enum PlaceholderMarketData {}
