"""Custom actions that every assistant has; an action of the assistant by the same name wins."""
