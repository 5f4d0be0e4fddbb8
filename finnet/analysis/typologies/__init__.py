"""One file per typology: find(network)."""
