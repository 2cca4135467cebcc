"""What a person wants, told from a short text; pure."""
