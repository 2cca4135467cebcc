"""Where people go from an occupation, learned from work histories."""
