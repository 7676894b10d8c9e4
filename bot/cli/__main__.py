"""`python -m bot.cli` is the `loket` command."""

from bot.cli.commands import main

main(prog_name="loket")
