"""The history of the tables, for Alembic; run by `bot.store.sql.migrate`."""
