"""Scans, with the optional OCR extra."""
