"""Clients that are not ours, in an environment of their own, against the service as a process."""
