"""The ways customers reach Loket. One folder a channel; channels do not know each other."""
