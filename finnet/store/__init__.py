"""The case on disk: Parquet files, a manifest, an index; DuckDB as the engine."""
