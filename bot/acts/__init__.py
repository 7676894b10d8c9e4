"""What a customer does with a message, whatever it is about: asks, requests, withdraws, objects."""
