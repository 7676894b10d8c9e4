"""Topics: what the framework must know of each intent, declared once by the assistant."""
