"""Regression models of a weighted sample, each with a covariance that knows the design."""
