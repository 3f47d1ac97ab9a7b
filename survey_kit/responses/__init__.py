"""What came back: answers, and why an answer is absent."""
