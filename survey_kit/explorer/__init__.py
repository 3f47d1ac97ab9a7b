"""How it is browsed: what app.py shows, as pure functions."""
