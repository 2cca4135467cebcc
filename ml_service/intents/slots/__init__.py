"""The query in a request for jobs: what, where, how, since when; by phrases, without a model."""
