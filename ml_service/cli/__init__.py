"""The command line, ``python -m ml_service ...``."""
