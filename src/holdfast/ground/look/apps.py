"""The look as a Django app: static files, base templates, template tags."""

from django.apps import AppConfig


class LookConfig(AppConfig):
    """Registers the look."""

    name = "holdfast.ground.look"
    label = "look"
