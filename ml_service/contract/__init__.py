"""The schemas of the HTTP contract, built from domain values; shared by the edges."""
