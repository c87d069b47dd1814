enum PlaceholderVenueSimulator {}
