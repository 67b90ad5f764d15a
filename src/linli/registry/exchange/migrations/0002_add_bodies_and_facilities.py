from django.db import migrations

from linli.registry.exchange.models.following import FollowChanges

BODY = {
    "name": "name",
    "uscc": "uscc",
    "own_code": "own_code",
    "kind": "kind",
    "authority": "authority",
    "status": "status",
    "status_since": "status_since",
    "representative": "representative",
    "address": "address",
    "premises": "premises_id",
    "region": "region_id",
    "industry": "industry",
    "capital": "capital",
    "employees": "employees",
    "established_on": "established_on",
    "licence_until": "licence_until",
    "phone": "phone_index",
}
FACILITY = {
    "code": "code",
    "kind": "kind",
    "name": "name",
    "region": "region_id",
    "premises": "premises_id",
    "address": "address",
    "longitude": "longitude",
    "latitude": "latitude",
    "status": "status",
    "status_since": "status_since",
    "opening_hours": "opening_hours",
    "capacity": "capacity",
    "phone": "phone",
}


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_initial"),
        ("bodies", "0001_initial"),
        ("facilities", "0001_initial"),
    ]

    operations = [
        FollowChanges("bodies_body", "body", BODY),
        FollowChanges("facilities_facility", "facility", FACILITY),
    ]
