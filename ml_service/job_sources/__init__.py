"""Where postings come from: the JSearch board, or what the operator imported."""
