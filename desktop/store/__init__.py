"""The project file: one SQLite database, one exclusive connection, every change a transaction."""
