"""A resume career-prediction service."""

__version__ = "0.1.0"
