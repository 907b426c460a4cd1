"""A job of tables on this machine, in DuckDB: the session, what reads files, and what writes the result."""
