from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('announcements', '0004_references'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='announcement',
            name='refers_to',
        ),
    ]
