"""One user action a file; they see ports, never adapters."""
