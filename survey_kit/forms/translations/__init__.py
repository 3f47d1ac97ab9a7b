"""Translations out to those who translate, and in again."""
