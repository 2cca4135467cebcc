"""Technologies of the catalogue, free skills and spoken languages."""
