"""Ways to turn texts into vectors; each implements ``Engine``."""
