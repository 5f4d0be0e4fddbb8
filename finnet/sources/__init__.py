"""One file per format: sniff(path), then read(...)."""
