import django.db.models.deletion
from django.db import migrations, models

import linli.foundation.scope.models.fields
import linli.lib.uuid7


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0003_add_entries"),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.UUIDField(default=linli.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False)),
                ("subject_id", models.UUIDField()),
                ("attribute", models.CharField(max_length=40)),
                ("theirs", linli.foundation.scope.models.fields.EncryptedText(blank=True, editable=True, null=True)),
                ("ours", linli.foundation.scope.models.fields.EncryptedText(blank=True, editable=True, null=True)),
                ("entry_id", models.UUIDField()),
                ("batch_id", models.UUIDField(null=True)),
                ("as_of", models.DateField()),
                ("region_path", linli.foundation.scope.models.fields.PathField(db_collation="C", max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("sent", "sent"), ("accepted", "accepted"), ("rejected", "rejected")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "our_source",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sources.source"),
                ),
                ("source", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sources.source")),
            ],
            options={
                "db_table": "sources_correction",
                "indexes": [models.Index(fields=["source", "state", "region_path"], name="sources_correction_source")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("open", "sent"))),
                        fields=("source", "subject_id", "attribute"),
                        name="sources_correction_once",
                    )
                ],
            },
        ),
    ]
