"""Whether a document is a resume at all."""
