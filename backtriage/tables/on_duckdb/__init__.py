"""A job of tables on this machine, in DuckDB: the session, the reader, what writes the result."""
