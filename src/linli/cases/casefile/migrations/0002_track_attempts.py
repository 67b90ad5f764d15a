"""Wrong tries at tracking."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casefile", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="TrackAttempt",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=26)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "casefile_track_attempt",
                "indexes": [
                    models.Index(fields=["number", "at"], name="casefile_track_number"),
                    models.Index(fields=["address", "at"], name="casefile_track_address"),
                ],
            },
        ),
    ]
