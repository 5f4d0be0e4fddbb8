"""What the readers of sanctions lists share: names, offices, places, and the legacy CSV form."""
