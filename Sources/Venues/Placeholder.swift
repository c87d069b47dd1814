enum PlaceholderVenues {}
