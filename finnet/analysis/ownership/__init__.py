"""Shares, control and the 50 % rule."""
