"""The web process: takes messages in, streams answers out, serves pages."""
