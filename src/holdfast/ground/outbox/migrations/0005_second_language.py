"""A message in two languages."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("outbox", "0004_trouble")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="message",
            name="second",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="outbox.skeleton",
            ),
        )
    ]
