import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0001_initial'),
        ('orders', '0003_one_index_less'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='orderline',
            index=models.Index(django.db.models.functions.text.Lower('lot'), condition=models.Q(('lot', ''), _negated=True), name='line_lot_folded'),
        ),
        migrations.AddIndex(
            model_name='orderline',
            index=models.Index(condition=models.Q(('serial', ''), _negated=True), fields=['serial', 'product'], name='line_serial'),
        ),
    ]
