"""Career models over a team's own labels: what is read, what is learned, how it answers."""
