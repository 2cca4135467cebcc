"""DOCX: the parts of a package to lines in order."""
