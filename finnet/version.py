"""Which finnet this is: the one place where the version stands."""

__all__ = ["__version__"]

__version__ = "0.1.0"
