"""One file a kind of fault that can be planted in simulated interviews."""
