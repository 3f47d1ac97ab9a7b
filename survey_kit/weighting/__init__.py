"""Who they stand for."""
