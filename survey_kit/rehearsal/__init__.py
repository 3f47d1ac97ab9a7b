"""How a form is tried out before it goes to the field: its own tests, and respondents made at random."""
