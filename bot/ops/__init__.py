"""What ops do: train a model, and show how far it is."""
