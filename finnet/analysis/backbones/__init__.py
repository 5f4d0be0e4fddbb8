"""One file per backbone: significance(network, level) says which edges stand out from what chance would give."""
