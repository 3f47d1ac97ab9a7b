"""Respondent-driven samples: who brought whom along, and how many each of them knows."""
