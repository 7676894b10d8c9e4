"""The dialogue: tasks, messages read, replies, and the custom actions every assistant has."""
