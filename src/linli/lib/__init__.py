"""Pure Python shared by every floor: identifiers, money, periods, names, masking, cryptography. No Django, no database, no city."""
