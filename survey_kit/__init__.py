"""From questionnaire to finding: one toolkit for the whole life of a survey."""

__version__ = "0.1.0"
