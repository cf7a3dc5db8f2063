import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('announcements', '0002_photographs'),
    ]

    operations = [
        migrations.AddField(
            model_name='announcement',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ends', to='announcements.announcement'),
        ),
        migrations.AddField(
            model_name='announcement',
            name='is_withdrawal',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='announcement',
            name='message',
            field=models.CharField(blank=True, default='', max_length=300),
        ),
        migrations.AddField(
            model_name='announcement',
            name='refers_to',
            field=models.JSONField(default=list),
        ),
        migrations.AddIndex(
            model_name='announcement',
            index=models.Index(fields=['message'], name='announcement_message'),
        ),
    ]
