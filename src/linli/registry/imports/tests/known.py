"""Some people in the register's own form, for tests of this app without a database."""

from __future__ import annotations

from linli.lib import luhn
from linli.lib.idcard import check_digit


def number(birth: str, serial: int) -> str:
    """A valid identity number of a synthetic person; odd serials are men's."""
    body = f"360599{birth.replace('-', '')}{serial:03d}"
    return body + check_digit(body)


def _who(name: str, birth: str, serial: int, **more: str) -> dict[str, str]:
    sex = "1" if serial % 2 else "2"
    live = "新余市渝水区城南街道府前社区抱石大道18号幸福苑3幢2单元1203室"
    return {
        "name": name,
        "birth_date": birth,
        "sex": sex,
        "id_number": number(birth, serial),
        "region": "府前社区",
        "live_address": live,
    } | more


CARD = "629999000000000000" + luhn.check_digit("629999000000000000")

PEOPLE = [
    _who("张伟", "1985-03-02", 11, phone="15400001234", marital="20", education="71", ethnicity="01", employment="employed", relation="02"),
    _who(
        "欧阳娜娜",
        "1990-12-31",
        22,
        phone="16000002345",
        marital="10",
        education="21",
        ethnicity="06",
        employment="flexible",
        bank_name="农业银行",
    ),
    _who(
        "阿卜杜拉·买买提",
        "1949-10-01",
        33,
        marital="30",
        education="81",
        ethnicity="05",
        employment="retired",
        assistance="dibao",
        disability="42",
    ),
    _who(
        "李静",
        "2012-02-29",
        44,
        phone="16100003456",
        ethnicity="01",
        employment="student",
        relation="32",
        household_number="360502001001H000001",
    ),
    _who(
        "王秀英",
        "1937-07-07",
        58,
        phone="0790-6441234",
        marital="21",
        ethnicity="97",
        hukou_address="分宜县钤山镇防里村12号",
        residence_status="3",
    ),
    _who("赵敏", "1978-01-05", 62, phone="16300004567", marital="40", education="14", politics="01", bank_account=CARD),
    _who("孙小二", "2001-06-18", 75, phone="16400005678", marital="10", education="61", politics="13", employment="unemployed"),
    _who("周芳", "1966-09-09", 86, marital="20", employment="home", phone="15400009999"),
]
