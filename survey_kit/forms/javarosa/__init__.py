"""JavaRosa, the engine of the phones, as a long-lived process. Java is optional for users."""

from survey_kit.forms.javarosa.client import (
    Answers,
    Asked,
    Finished,
    JavaForm,
    JavaRosa,
    Node,
    Reported,
    Respondent,
    Value,
    Walked,
)
from survey_kit.forms.javarosa.process import JavaFault, java

__all__ = [
    "Answers",
    "Asked",
    "Finished",
    "JavaFault",
    "JavaForm",
    "JavaRosa",
    "Node",
    "Reported",
    "Respondent",
    "Value",
    "Walked",
    "java",
]
