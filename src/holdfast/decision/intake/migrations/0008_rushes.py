import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0001_initial'),
        ('intake', '0007_particulars'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProductRush',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about', models.CharField(max_length=64, unique=True)),
                ('maker', models.CharField(blank=True, default='', max_length=120)),
                ('name', models.TextField(blank=True, default='')),
                ('spans', models.JSONField(default=list)),
                ('ends', models.DateField(null=True)),
                ('upto', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.RemoveIndex(
            model_name='complaint',
            name='complaint_counts',
        ),
        migrations.AlterField(
            model_name='complaint',
            name='duplicate_of',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duplicates', to='intake.complaint'),
        ),
        migrations.AddIndex(
            model_name='complaint',
            index=models.Index(condition=models.Q(('duplicate_of', None)), fields=['urgency', '-received_at', '-id'], name='complaint_once'),
        ),
        migrations.AddIndex(
            model_name='complaint',
            index=models.Index(condition=models.Q(('duplicate_of', None), ('is_foreign', True), ('seen_at', None)), fields=['urgency', '-received_at', '-id'], name='complaint_foreign'),
        ),
        migrations.AddIndex(
            model_name='complaint',
            index=models.Index(condition=models.Q(('duplicate_of', None), ('product', None)), fields=['urgency', '-received_at', '-id'], name='complaint_unlinked'),
        ),
        migrations.AddIndex(
            model_name='complaint',
            index=models.Index(condition=models.Q(('duplicate_of__isnull', False)), fields=['duplicate_of'], name='complaint_repeats'),
        ),
        migrations.AddIndex(
            model_name='complaint',
            index=models.Index(condition=models.Q(('duplicate_of__isnull', False)), fields=['urgency', '-received_at', '-id'], name='complaint_repeated'),
        ),
        migrations.AddField(
            model_name='productrush',
            name='product',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.product'),
        ),
        migrations.AddIndex(
            model_name='productrush',
            index=models.Index(fields=['ends'], name='product_rush_ends'),
        ),
    ]
