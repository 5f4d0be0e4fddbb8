"""One file per format: write(network, path)."""
