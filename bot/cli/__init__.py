"""The `loket` command, a module for each subcommand."""
