"""People are found by the part of their name behind the family name. A column of its own, because behind a policy PostgreSQL uses an index only for
comparisons of columns (leakproof), not of what a function makes of them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_add_life"),
    ]

    operations = [
        migrations.RunSQL(
            'ALTER TABLE people_person ADD COLUMN given varchar(60) COLLATE "C" GENERATED ALWAYS AS (substr(name, 2)) STORED',
            "ALTER TABLE people_person DROP COLUMN given",
        ),
        migrations.RunSQL("CREATE INDEX people_given ON people_person (given, region_path)", "DROP INDEX people_given"),
    ]
