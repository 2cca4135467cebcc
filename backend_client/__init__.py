"""The typed Python client will stand here. It is not built yet: call the HTTP routes.

``docs/openapi.json`` describes them all.
"""
