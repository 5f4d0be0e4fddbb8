"""One file per metric: score(network)."""
