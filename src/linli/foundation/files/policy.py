"""A file is seen by its uploader, by the party it is about, and by whoever reaches the region and case it was given to."""
from linli.foundation.files.models import StoredFile
from linli.foundation.scope.models import OneCase, Own, Power, Protection, Region, User

files = Protection(StoredFile, [Region("region_path", line="line", level="level"), Own("party_id"), User("owner_id"), OneCase("case_id"), Power("system")])
