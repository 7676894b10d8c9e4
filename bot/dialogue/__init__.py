"""The dialogue: tasks, what a customer said, replies and the custom actions every assistant has."""
