"""Jobs with title, employer, dates and bullets."""
