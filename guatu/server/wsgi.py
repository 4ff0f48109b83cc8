"""The WSGI application that `guatu serve` runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guatu.server.settings")
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018  imports every view now, so that the first visitor does not wait a second
