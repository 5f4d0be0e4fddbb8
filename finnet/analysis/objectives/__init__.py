"""One file per objective: what is left of a network that has lost some parties."""
