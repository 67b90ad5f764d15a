#!/usr/bin/env python
"""Django's command line; `./linli manage ...` calls it with the environment of the city."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
