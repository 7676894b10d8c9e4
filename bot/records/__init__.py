"""Records as frozen values: `bot.store` reads and writes them, every layer may hold them."""
