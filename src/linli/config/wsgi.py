"""The main site under granian (WSGI: measured faster than ASGI for our pages)."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
application = get_wsgi_application()

# Everything loaded so far lives as long as the process: a full collection over it would stall a request.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)  # a page makes some ten thousand objects, nearly all freed by count
