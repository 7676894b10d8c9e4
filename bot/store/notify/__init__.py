"""Wake-ups between processes: "there is something new"."""
