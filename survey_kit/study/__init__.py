"""One study: reads study.yaml and runs the whole life in order."""
