"""The semantics of expressions, as the field's own engine (JavaRosa) has them, over columns."""
