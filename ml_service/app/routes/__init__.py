"""One file a resource. A route reads input, calls one use case and returns a schema."""
