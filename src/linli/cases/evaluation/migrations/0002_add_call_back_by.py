"""When a bad rating has to be called back, for the list of those who do."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0001_initial")]

    operations = [
        migrations.AddField("evaluation", "call_back_by", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "evaluation", models.Index(fields=["call_back_by"], name="evaluation_waiting", condition=models.Q(state="new"))
        ),
    ]
