import pytest

from linli.lib.errors import Invalid
from linli.lib.plates import PlateKind, parse_plate


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("赣K12345", "赣K12345", PlateKind.ORDINARY),
        ("赣k·12a45", "赣K12A45", PlateKind.ORDINARY),
        ("京A1234警", "京A1234警", PlateKind.ORDINARY),
        ("赣K1234学", "赣K1234学", PlateKind.ORDINARY),
        ("粤ZA123港", "粤ZA123港", PlateKind.ORDINARY),
        ("赣KD12345", "赣KD12345", PlateKind.ELECTRIC),
        ("赣KAA2345", "赣KAA2345", PlateKind.ELECTRIC),
        ("赣KF12345", "赣KF12345", PlateKind.HYBRID),
        ("赣K12345D", "赣K12345D", PlateKind.ELECTRIC),
        ("赣K12345F", "赣K12345F", PlateKind.HYBRID),
        ("使224001", "使224001", PlateKind.EMBASSY),
        ("沪A0023领", "沪A0023领", PlateKind.CONSULATE),
        ("赣X1234应急", "赣X1234应急", PlateKind.EMERGENCY),
    ],
)
def test_kinds_of_plates_are_told_apart(text: str, number: str, kind: PlateKind) -> None:
    assert (parse_plate(text).number, parse_plate(text).kind) == (number, kind)


@pytest.mark.parametrize(
    "text", ["", "赣K1234", "赣K1I345", "赣K1O345", "赣I12345", "赣O12345", "K12345", "台A12345", "赣KL12345", "赣K12345L", "赣KDA234A"]
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(Invalid, match="PLATE_FORMAT"):
        parse_plate(text)
