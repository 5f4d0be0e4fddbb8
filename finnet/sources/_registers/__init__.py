"""What registers of owners have in common."""
