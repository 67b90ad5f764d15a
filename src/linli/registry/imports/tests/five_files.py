"""Five offices' files about the same people, each dirty in its own way; for tests of reading, matching and undoing.

    paths = write_five(folder, people, seed=1)   # {"police": .../police.xlsx, "family": .../family.csv, ...}

`people` are plain dicts of values in the register's own form (`Known`): name, sex, birth_date (ISO), id_number (18 characters), region (name or
code), and as far as known phone, ethnicity, marital, education, politics, live_address, hukou_address, household_number, relation,
residence_status, employment, disability, assistance, bank_account, bank_name. At least five people. Nothing in the files contradicts them,
so that every row that is not refused standardises to values of its person (`AS_OF` says of which day). Equal seeds write equal files.

police, xlsx, everybody
    Two title lines, a blank line, blanks inside names of two characters, x in lower case, days as 8 digits or Excel dates, numbers as
    numbers, marital codes of 1980. One more row, the first person's, with a wrong check digit: it is refused.
family, csv in GB18030, everybody
    Every other identity number in 15 digits (of those born before 2000), full-width digits, no phone in every fifth row, days like
    2026.11.3. The second person stands there twice with the same key.
civil, csv in UTF-8 with a byte order mark, every other person from the first on
    Identity numbers as ="...", tabs and blanks around names and phones, signs in empty cells. The third person stands there twice, from two
    registers, with two keys. One more row of the first person with a wrong check digit: it is refused.
social, jsonl, all but every third person
    Numbers without quotes, keys that are missing or null, days with a time, blanks in card numbers.
self, xlsx with a sheet of remarks before, everybody
    No key of its own, stars and colons in headings, days in words, two phones in a cell, full-width digits. Every fourth row has no identity
    number.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from random import Random

from openpyxl import Workbook

from linli.lib import codes, idcard

Known = Mapping[str, str]

AS_OF = {
    "police": date(2026, 9, 1),
    "family": date(2026, 3, 15),
    "civil": date(2026, 6, 30),
    "social": date(2026, 10, 31),
    "self": date(2026, 11, 3),
}
"""The day the rows of each office are true of."""

_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
_MARITAL_1980 = {"10": "1", "20": "2", "30": "3", "40": "4"}


def write_five(folder: Path, people: Sequence[Known], seed: int) -> dict[str, Path]:
    """Write the five files into `folder`; code of the mapping -> path."""
    if len(people) < 5:
        raise ValueError("five people at least: some rows are dirty by their number")
    writers = {"police": _police, "family": _family, "civil": _civil, "social": _social, "self": _self}
    return {code: write(folder, people, Random(f"{code}{seed}")) for code, write in writers.items()}


def key_of(office: str, index: int) -> str:
    """The id an office gave the person at a place of the list."""
    return f"{office[0].upper()}{index + 1:07d}"


def wrong_check(number: str) -> str:
    """The number with another last character: no such number exists."""
    return number[:17] + ("1" if number[17] != "1" else "2")


def _label(table: str, code: str) -> str:
    return codes.table(table).label(code) if code else ""


def _shuffled(rows: list[list[object]], rng: Random) -> list[list[object]]:
    rng.shuffle(rows)
    return rows


def _police(folder: Path, people: Sequence[Known], rng: Random) -> Path:
    headings = ["人员编号", "公民身份号码", "姓　名", "性别", "民族", "出生日期", "婚姻状况", "文化程度", "户籍地址", "现住址"]
    headings += ["所属社区", "联系电话", "更新时间"]
    rows = [_police_row(index, who, rng) for index, who in enumerate(people)]
    refused = _police_row(0, people[0], rng)
    refused[0], refused[1] = "P9999999", wrong_check(people[0]["id_number"])
    rows = _shuffled([*rows, refused], rng)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["渝水区常住人口信息表"])
    sheet.merge_cells("A1:M1")
    sheet.append(["导出单位：城南派出所", None, None, None, None, "导出日期", date(2026, 9, 1)])
    sheet.append(headings)
    for place, row in enumerate(rows):
        if place == 2:
            sheet.append([None, "  "])
        sheet.append(row)
    path = folder / "police.xlsx"
    book.save(path)
    return path


def _police_row(index: int, who: Known, rng: Random) -> list[object]:
    name, born = who["name"], date.fromisoformat(who["birth_date"])
    marital, phone = who.get("marital", ""), who.get("phone", "")
    return [
        key_of("police", index),
        who["id_number"].lower(),
        f"{name[0]} {name[1]}" if len(name) == 2 else name,
        int(who["sex"]),
        int(who["ethnicity"]) if who.get("ethnicity") else None,
        born if rng.random() < 0.5 else int(f"{born:%Y%m%d}"),
        _MARITAL_1980.get(marital, marital),
        _label("education", who.get("education", "")),
        who.get("hukou_address", ""),
        who.get("live_address", ""),
        who["region"],
        int(phone) if phone.isdecimal() and rng.random() < 0.7 else phone,
        AS_OF["police"],
    ]


def _family(folder: Path, people: Sequence[Known], rng: Random) -> Path:
    headings = ["个案编号", "姓名", "身份证号", "性别", "出生日期", "民族", "婚姻状况", "文化程度", "家庭编号", "与户主关系"]
    headings += ["户籍地址", "现居住地", "管理社区", "手机号码", "信息更新日期", "备注"]
    rows = [_family_row(index, who) for index, who in enumerate(people)]
    rows = _shuffled([*rows, _family_row(1, people[1])], rng)
    path = folder / "family.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return path


def _family_row(index: int, who: Known) -> list[object]:
    number, born, phone = who["id_number"], date.fromisoformat(who["birth_date"]), who.get("phone", "")
    old = idcard.to_15(number) if index % 2 else None
    return [
        key_of("family", index),
        who["name"],
        old if old and not idcard.is_centenarian_15(old) else number,
        _label("sex", who["sex"]),
        f"{born.year}.{born.month}.{born.day}",
        _label("ethnicity", who.get("ethnicity", "")).removesuffix("族"),
        _label("marital", who.get("marital", "")),
        _label("education", who.get("education", "")),
        who.get("household_number", ""),
        _label("kinship", who.get("relation", "")),
        who.get("hukou_address", ""),
        who.get("live_address", ""),
        who["region"],
        "" if index % 5 == 4 else phone.translate(_FULL_WIDTH) if index % 3 == 0 else phone,
        f"{AS_OF['family']:%Y%m%d}",
        "旧系统迁入,待核" if index % 7 == 0 else "",
    ]


def _civil(folder: Path, people: Sequence[Known], rng: Random) -> Path:
    headings = ["序号", "档案编号", "姓名", "身份证件号", "性别", "婚姻登记状态", "救助类别", "残疾类别等级", "家庭住址", "所属社区"]
    headings += ["联系电话", "登记日期"]
    rows = [_civil_row(key_of("civil", index), who) for index, who in enumerate(people) if index % 2 == 0]
    rows.append(_civil_row("D0000003", people[2]))
    refused = _civil_row("D9999999", people[0])
    refused[3] = f'="{wrong_check(people[0]["id_number"])}"'
    rows = _shuffled([*rows, refused], rng)
    for place, row in enumerate(rows, start=1):
        row[0] = str(place)
    path = folder / "civil.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return path


_SCHEMES = {"dibao": "城市最低生活保障", "tekun": "特困供养", "edge": "低保边缘家庭"}


def _civil_row(key: str, who: Known) -> list[object]:
    disability = who.get("disability", "")
    return [
        "",
        key,
        f" {who['name']}\t",
        f'="{who["id_number"]}"',
        _label("sex", who["sex"]),
        _label("marital", who.get("marital", "")) or "/",
        _SCHEMES.get(who.get("assistance", ""), "无"),
        f"{_label('disability', disability[0]).removesuffix('残疾')}{_label('disability_level', disability[1])}" if disability else "无",
        who.get("live_address", "") or "—",
        who["region"],
        f"\t{who.get('phone', '')}",
        AS_OF["civil"].isoformat(),
    ]


_WORK = {
    "employed": "在职",
    "flexible": "灵活就业人员",
    "unemployed": "登记失业",
    "retired": "退休",
    "student": "在校学生",
    "home": "料理家务",
}


def _social(folder: Path, people: Sequence[Known], rng: Random) -> Path:
    records = [_social_record(index, who) for index, who in enumerate(people) if index % 3 != 2]
    rng.shuffle(records)
    path = folder / "social.jsonl"
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


def _social_record(index: int, who: Known) -> dict[str, object]:
    number, card, phone = who["id_number"], who.get("bank_account", ""), who.get("phone", "")
    record: dict[str, object] = {
        "AAC001": key_of("social", index),
        "AAC002": int(number) if number.isdecimal() else number,
        "AAC003": who["name"],
        "AAC004": who["sex"],
        "AAC006": f"{who['birth_date']} 00:00:00",
        "就业状态": _WORK.get(who.get("employment", "")),
        "政治面貌": _label("politics", who.get("politics", "")) or None,
        "社保卡银行账号": " ".join(card[at : at + 4] for at in range(0, len(card), 4)),
        "开户银行": who.get("bank_name", ""),
        "所属社区": who["region"],
        "数据日期": f"{AS_OF['social']}T08:30:00",
        "参保险种": ["养老", "医疗"],
    }
    if phone:
        record["AAE005"] = int(phone) if phone.isdecimal() else phone
    return record


def _self(folder: Path, people: Sequence[Known], rng: Random) -> Path:
    headings = ["*姓名", "*身份证号：", "性别", "出生日期", "婚否", "文化程度", "楼栋房号", "社区名称", "联系方式（手机）", "就业情况"]
    headings += ["人户状态", "走访日期", "网格员"]
    rows = _shuffled([_self_row(index, who) for index, who in enumerate(people)], rng)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "填表说明"
    sheet.append(["请网格员如实填写，带 * 的必填。"])
    sheet = book.create_sheet("入户登记")
    sheet.append(["社区入户登记表"])
    sheet.append(headings)
    for row in rows:
        sheet.append(row)
    path = folder / "self.xlsx"
    book.save(path)
    return path


def _self_row(index: int, who: Known) -> list[object]:
    born, phone = date.fromisoformat(who["birth_date"]), who.get("phone", "")
    return [
        who["name"],
        "" if index % 4 == 3 else who["id_number"].translate(_FULL_WIDTH),
        _label("sex", who["sex"]),
        f"{born.year}年{born.month}月{born.day}日",
        _label("marital", who.get("marital", "")) or "不详",
        _label("education", who.get("education", "")) or "不详",
        who.get("live_address", ""),
        who["region"],
        f"{phone}/0790-6441234" if phone and index % 3 == 1 else phone,
        _WORK.get(who.get("employment", ""), "不详"),
        _label("residence_status", who.get("residence_status", "")) or "不详",
        AS_OF["self"],
        "王网格",
    ]
