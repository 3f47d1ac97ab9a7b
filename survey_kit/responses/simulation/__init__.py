"""Simulated respondents: how answers are drawn, and what a calibration may say about them."""

SIMULATED = "simulated interviews"
"""The format that `ReadingReport` names where nobody was asked."""
NOBODY_ANSWERED = "Nobody gave these answers: they are simulated."
