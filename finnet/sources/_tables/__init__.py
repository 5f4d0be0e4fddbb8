"""What the table source is made of: opening a file, its columns in SQL, the proposal of a mapping."""
