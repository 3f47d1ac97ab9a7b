"""What changed between two versions of a questionnaire, and what it does to data already collected."""
