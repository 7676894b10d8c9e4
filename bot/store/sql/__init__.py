"""The database itself: engines, tables, migrations, what the two dialects say differently."""
