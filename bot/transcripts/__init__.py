"""A customer's own copy of a conversation: a signed link that expires, a web page and a text."""
