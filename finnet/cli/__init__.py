"""One file per command; words only."""
