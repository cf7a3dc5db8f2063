import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0001_initial'),
        ('parties', '0001_initial'),
        ('traceability', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='receipt',
            index=models.Index(django.db.models.functions.text.Lower('lot'), name='receipt_lot_folded'),
        ),
    ]
