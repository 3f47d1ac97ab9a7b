"""What is wrong with a form, before anybody is asked: rules over a questionnaire, each one file."""
