"""Planning: how many people to ask, how to share them out, and which ones they are."""
