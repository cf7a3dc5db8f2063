"""The application as a server loads it; a worker thread shares the process on embedded storage."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")
application = get_wsgi_application()

if os.environ.get("HOLDFAST_WORK_HERE") == "1":
    from holdfast.config.worker import start_thread

    start_thread()
