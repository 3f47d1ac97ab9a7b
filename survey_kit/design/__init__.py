"""How they were chosen."""
