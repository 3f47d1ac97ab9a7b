"""Simulated respondents: how answers are drawn, and what a calibration may say about them."""
