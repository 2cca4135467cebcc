"""Models on disk and in memory: names, revisions, aliases, traffic between them, what is loaded."""
