"""The kinds of form that a questionnaire becomes: one file each, found by being there."""
