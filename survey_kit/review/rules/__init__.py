"""One file a rule, or a small family of them."""
