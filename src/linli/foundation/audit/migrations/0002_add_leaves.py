from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.AddField("auditbatch", "leaves", models.BinaryField(default=bytes)),
        migrations.AddField("auditbatch", "top_seq", models.BigIntegerField(default=0)),
    ]
