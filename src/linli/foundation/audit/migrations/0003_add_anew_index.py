from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_add_leaves")]

    operations = [
        migrations.AddIndex("auditbatch", models.Index(fields=["top_seq"], condition=models.Q(entries=0), name="audit_batch_anew")),
    ]
