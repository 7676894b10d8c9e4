"""What is on record, as frozen values: `bot.store` reads and writes them, anybody may hold them."""
