"""Money in time order: taint, corridors, temporal flow."""
