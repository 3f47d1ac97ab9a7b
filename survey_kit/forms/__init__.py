"""How it is asked: each form is a function of a Questionnaire."""
