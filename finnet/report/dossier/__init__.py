"""A report on a run: what was asked, what was found, which record says so, and what it does not say."""
