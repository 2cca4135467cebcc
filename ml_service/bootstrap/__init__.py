"""Settings -> running service. The only place where implementations are chosen."""
