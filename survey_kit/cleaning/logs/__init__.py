"""The formats in which teams keep their cleaning logs: one file each, found by being there."""
