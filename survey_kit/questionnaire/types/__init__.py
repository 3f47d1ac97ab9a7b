"""One file a question type."""
