import django.db.models.deletion
from django.db import migrations, models


def keep_references(apps, schema_editor):
    """What each announcement names, out of the list beside it."""
    here = schema_editor.connection.alias  # a drill lays tables beside those it copies
    rows = apps.get_model("announcements", "Announcement").objects.using(here)
    reference = apps.get_model("announcements", "AnnouncementReference")
    found = rows.exclude(refers_to=[]).values_list("pk", "refers_to").iterator(chunk_size=1000)
    reference.objects.using(here).bulk_create(
        [
            reference(announcement_id=pk, name=name, number=name.rpartition(",")[2])
            for pk, names in found
            for name in names
        ],
        batch_size=400,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('announcements', '0003_ended'),
    ]

    operations = [
        migrations.CreateModel(
            name='AnnouncementReference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=300)),
                ('number', models.CharField(db_index=True, max_length=300)),
                ('announcement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='references', to='announcements.announcement')),
            ],
        ),
        migrations.RunPython(keep_references, migrations.RunPython.noop),
    ]
