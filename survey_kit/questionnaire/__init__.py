"""What is asked: the definition of a questionnaire and the logic in it. No data library here."""
