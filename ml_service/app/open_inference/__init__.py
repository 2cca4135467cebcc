"""Bodies of the Open Inference Protocol v2, as JSON and with its binary tensor extension."""
