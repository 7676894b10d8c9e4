"""The store: tables, and functions that read and write them; they take a connection, so combine."""
