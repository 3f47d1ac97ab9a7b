"""``python -m survey_kit`` is the command ``survey-kit``."""

from survey_kit.cli import main

main()
