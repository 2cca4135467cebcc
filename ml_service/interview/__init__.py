"""How a transcript of an interview is scored; pure."""
