"""One file an engine: what reads rows and sums them."""
