import pytest

from linli.lib.contact import PhoneKind, parse_mobile, parse_phone
from linli.lib.errors import Invalid


@pytest.mark.parametrize(
    ("text", "kind", "number", "e164"),
    [
        ("13812345678", PhoneKind.MOBILE, "13812345678", "+8613812345678"),
        ("+86 138-1234-5678", PhoneKind.MOBILE, "13812345678", "+8613812345678"),
        ("008613812345678", PhoneKind.MOBILE, "13812345678", "+8613812345678"),
        ("１３８１２３４５６７８", PhoneKind.MOBILE, "13812345678", "+8613812345678"),
        ("0790-6441234", PhoneKind.LANDLINE, "0790-6441234", "+867906441234"),
        ("07906441234", PhoneKind.LANDLINE, "0790-6441234", "+867906441234"),
        ("(021)62345678", PhoneKind.LANDLINE, "021-62345678", "+862162345678"),
        ("+86 21 62345678", PhoneKind.LANDLINE, "021-62345678", "+862162345678"),
        ("4008208820", PhoneKind.SERVICE, "400-820-8820", None),
        ("800-820-8820", PhoneKind.SERVICE, "800-820-8820", None),
        ("110", PhoneKind.SHORT, "110", None),
        ("12345", PhoneKind.SHORT, "12345", None),
        ("12349", PhoneKind.SHORT, "12349", None),
        ("96158", PhoneKind.SHORT, "96158", None),
        ("+1 (415) 555-2671", PhoneKind.FOREIGN, "+14155552671", "+14155552671"),
        ("+852 5123 4567", PhoneKind.FOREIGN, "+85251234567", "+85251234567"),
    ],
)
def test_numbers_are_told_apart_and_written_one_way(text: str, kind: PhoneKind, number: str, e164: str | None) -> None:
    phone = parse_phone(text)
    assert (phone.kind, phone.number, phone.e164) == (kind, number, e164)


def test_extensions_are_kept() -> None:
    phone = parse_phone("0790-6441234-801")
    assert (phone.number, phone.e164, phone.extension) == ("0790-6441234-801", "+867906441234", "801")


@pytest.mark.parametrize(
    "text", ["", "12812345678", "1381234567", "138123456789", "0790-1441234", "6441234", "11", "+8612345", "+0123456789", "abc"]
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(Invalid, match="PHONE_FORMAT"):
        parse_phone(text)


def test_text_messages_need_a_mobile() -> None:
    assert parse_mobile("+86 138 1234 5678").number == "13812345678"
    for text in ("0790-6441234", "12345", ""):
        with pytest.raises(Invalid, match="MOBILE_FORMAT"):
            parse_mobile(text)
