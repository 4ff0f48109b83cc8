"""The WSGI application that `guatu serve` runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guatu.server.settings")
application = get_wsgi_application()
