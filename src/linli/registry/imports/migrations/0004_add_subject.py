from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0003_add_connectors"),
    ]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="subject",
            field=models.CharField(choices=[("people", "people"), ("bodies", "bodies")], default="people", max_length=10),
        ),
    ]
