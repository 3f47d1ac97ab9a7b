"""Types that only another platform knows: one file a platform."""
