"""What an investigator can state."""
