"""Who compares whole registers with each other (docs/how-to/link-a-province.md)."""

import os

LINK_BACKEND = os.environ.get("LINLI_LINK_BACKEND", "duckdb")  # or spark
SPARK_MASTER = os.environ.get("LINLI_SPARK_MASTER", "")  # empty: this machine
SPARK_FOLDER = os.environ.get(
    "LINLI_SPARK_FOLDER", ""
)  # where Spark's private folder is made; empty: the system's folder for temporary files
