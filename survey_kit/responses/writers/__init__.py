"""One file a writer of answers."""
