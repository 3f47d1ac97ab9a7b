"""What changed between two versions of a questionnaire, and what it does to data already collected.

A difference of files says which lines differ. What a team has to know is another thing: can
the interviews that were made with the old form still be read, and stand beside the new ones
in one table? `compare` answers question by question; docs/versions.md gives the reasons.
"""
