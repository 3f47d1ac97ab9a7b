"""The paper questionnaire: one content model (`sheet`), drawn by Word and by Typst.

Questionnaire -> compose -> Sheet -> word (docx), pdf
"""
