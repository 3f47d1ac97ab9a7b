"""How it is told: claims with a chart, a sentence and evidence."""
