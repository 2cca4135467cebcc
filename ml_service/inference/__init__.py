"""Hosting of models: encoders today, checked against their weights before they are loaded."""
