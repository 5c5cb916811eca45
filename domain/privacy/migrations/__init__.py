"""Tables of exports and erasures."""
