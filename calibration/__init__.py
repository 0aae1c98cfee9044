"""Finding a person's own baseline."""
