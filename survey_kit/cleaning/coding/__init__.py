"""Coding of open answers: from what people said to codes that can be counted, provably."""
