from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0006_queues'),
    ]

    operations = [
        migrations.AddField(
            model_name='complaint',
            name='particulars',
            field=models.JSONField(null=True),
        ),
    ]
