from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bodies", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="body",
            name="registration_no",
            field=models.CharField(blank=True, default="", max_length=30),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="body",
            index=models.Index(
                condition=models.Q(("registration_no", ""), _negated=True), fields=["registration_no"], name="bodies_registration"
            ),
        ),
        migrations.AddIndex(
            model_name="body",
            index=models.Index(condition=models.Q(("org_code", ""), _negated=True), fields=["org_code"], name="bodies_org_code"),
        ),
    ]
