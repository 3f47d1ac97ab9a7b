"""One file a statistic."""
