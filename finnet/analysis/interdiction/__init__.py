"""Which few removals hurt a network most."""
