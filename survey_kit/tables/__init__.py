"""How it is tabulated."""
