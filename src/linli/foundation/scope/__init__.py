"""The rights of a transaction: who is acting, which rows PostgreSQL lets through. Not which permissions a person has (that is `access`)."""
