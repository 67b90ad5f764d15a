import pytest

from linli.lib import codes
from linli.lib.errors import Invalid

EXPECTED = {"sex": 4, "marital": 8, "ethnicity": 58, "politics": 13, "id_type": 10, "disability": 7, "disability_level": 4}


def test_labels_come_from_the_standards() -> None:
    assert codes.table("kinship").label("02") == "户主"
    assert codes.table("sex").label("2") == "女"
    assert codes.table("ethnicity").get("15").label == "土家族"
    assert codes.table("ethnicity").get("15").extra == {"alpha": "TJ"}
    assert codes.table("education").label("21") == "大学本科毕业"
    assert codes.table("disability").label("4") == "肢体残疾"
    assert codes.table("politics").code_of("群众") == "13"


@pytest.mark.parametrize(("name", "count"), EXPECTED.items())
def test_tables_are_complete(name: str, count: int) -> None:
    assert len(codes.table(name)) == count


def test_codes_belong_to_groups() -> None:
    kinship = codes.table("kinship")
    assert kinship.within("22", "20")
    assert kinship.within("20", "20")
    assert not kinship.within("32", "20")
    assert [entry.code for entry in codes.table("marital").children("20")] == ["21", "22", "23"]


@pytest.mark.parametrize("name", codes.table_names())
def test_every_table_is_sound(name: str) -> None:
    table = codes.table(name)
    assert all(entry.code and entry.label for entry in table)
    assert all(entry.parent is None or entry.parent in table for entry in table)
    assert len(table.choices()) == len(table) == len({entry.code for entry in table})


def test_unknown_codes_and_tables_say_so() -> None:
    with pytest.raises(KeyError, match="kinship"):
        codes.table("kinship").label("00")
    with pytest.raises(KeyError, match="ethnicity"):
        codes.table("nothing")
    with pytest.raises(Invalid) as caught:
        codes.table("sex").check("3")
    assert (caught.value.code, caught.value.field, caught.value.text()) == ("CODE_UNKNOWN", "sex", "3 is not in the code table sex.")
    assert codes.table("sex").check("1") == "1"
