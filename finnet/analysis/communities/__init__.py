"""One file per method: group(network)."""
