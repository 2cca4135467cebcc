"""Who wrote the resume and how to reach them."""
