"""What it says: statistics, estimates, tests."""
