"""The launcher behind `./linli`: set-up, private PostgreSQL, supervision and verbs.

Standard library only: it runs before `.venv` exists. Nothing here knows the product's models; it talks to the product
through `src/manage.py`, environment variables and HTTP.
"""
