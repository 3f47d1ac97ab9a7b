"""One file a reader of answers."""
