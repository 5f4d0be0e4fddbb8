"""Networks in, tables out: pure functions that never see the case."""
