from datetime import date

import pytest

from linli.lib import codes
from linli.lib.errors import Invalid
from linli.lib.iddocuments import parse_birth_certificate, parse_document

TODAY = date(2026, 4, 28)


@pytest.mark.parametrize(
    ("id_type", "text", "number"),
    [
        ("111", "36050219680708003x", "36050219680708003X"),
        ("113", "360502202103150026", "360502202103150026"),
        ("810", "810000199001010019", "810000199001010019"),
        ("820", "820000199001010010", "820000199001010010"),
        ("830", "830000199001010012", "830000199001010012"),
        ("553", "920999198506120039", "920999198506120039"),
        ("553", "usa310112345678", "USA310112345678"),
        ("516", "h12345678", "H12345678"),
        ("516", "M1234567802", "M1234567802"),
        ("511", "12345678", "12345678"),
        ("511", "1234567890（B）", "1234567890(B)"),
        ("414", "E12345678", "E12345678"),
        ("114", "军字第1234567号", "军字第1234567号"),
    ],
)
def test_numbers_fit_their_document(id_type: str, text: str, number: str) -> None:
    assert parse_document(id_type, text, today=TODAY).number == number


@pytest.mark.parametrize(
    ("id_type", "text", "code"),
    [
        ("111", "810000199001010019", "ID_TYPE"),
        ("810", "820000199001010010", "ID_TYPE"),
        ("111", "360502196807080030", "ID_CHECK"),
        ("516", "A12345678", "ID_FORMAT"),
        ("511", "1234567", "ID_FORMAT"),
        ("114", "长" * 31, "ID_FORMAT"),
        ("414", "", "ID_FORMAT"),
        ("999", "1", "ID_TYPE"),
    ],
)
def test_numbers_of_other_documents_are_refused(id_type: str, text: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_document(id_type, text, today=TODAY)
    assert caught.value.code == code


def test_every_type_in_the_table_has_a_rule() -> None:
    for entry in codes.table("id_type"):
        with pytest.raises(Invalid) as caught:
            parse_document(entry.code, "\x01", today=TODAY)
        assert caught.value.code == "ID_FORMAT"


def test_birth_certificates_are_a_letter_and_nine_digits() -> None:
    assert parse_birth_certificate("t360123456") == "T360123456"
    with pytest.raises(Invalid, match="BIRTH_CERT_FORMAT"):
        parse_birth_certificate("3601234567")
