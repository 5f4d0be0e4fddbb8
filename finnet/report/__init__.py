"""Networks and tables in, files out."""
