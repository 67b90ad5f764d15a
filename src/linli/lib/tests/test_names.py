import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.lib.errors import Invalid
from linli.lib.names import bigrams, initials, normalise_name, parse_person_name, pinyin, search_key, search_terms, split_surname


@pytest.mark.parametrize(
    ("name", "full", "letters"),
    [
        ("王小明", "wang xiao ming", "wxm"),
        ("单雄信", "shan xiong xin", "sxx"),
        ("曾国藩", "zeng guo fan", "zgf"),
        ("仇英", "qiu ying", "qy"),
        ("解缙", "xie jin", "xj"),
        ("查良镛", "zha liang yong", "zly"),
        ("区小红", "ou xiao hong", "oxh"),
        ("朴志勇", "piao zhi yong", "pzy"),
        ("盖叫天", "ge jiao tian", "gjt"),
        ("翟天明", "zhai tian ming", "ztm"),
        ("任正非", "ren zheng fei", "rzf"),
        ("尉迟恭", "yu chi gong", "ycg"),
        ("欧阳锋", "ou yang feng", "oyf"),
        ("司马光", "si ma guang", "smg"),
        ("单于明", "chan yu ming", "cym"),
        ("万俟卨", "mo qi xie", "mqx"),
        ("买买提·吐尔逊", "mai mai ti tu er xun", "mmttex"),
        ("John Smith", "johnsmith", "j"),
    ],
)
def test_names_are_read_as_surnames_are(name: str, full: str, letters: str) -> None:
    assert pinyin(name, joiner=" ") == full
    assert pinyin(name) == full.replace(" ", "")
    assert initials(name) == letters


def test_a_surname_reading_is_not_used_inside_a_given_name() -> None:
    assert pinyin("王单", joiner=" ") == "wang dan"


def test_compound_surnames_need_a_given_name() -> None:
    assert split_surname("欧阳修") == ("欧阳", "修")
    assert split_surname("欧阳") == ("欧", "阳")
    assert split_surname("") == ("", "")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("王小明", "王小明"),
        (" 王 小明 ", "王小明"),
        ("王\u3000明", "王明"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("买买提.吐尔逊", "买买提·吐尔逊"),
        ("买买提 · 吐尔逊", "买买提·吐尔逊"),
        ("阿卜杜拉・艾山・买买提", "阿卜杜拉·艾山·买买提"),
        ("𠮷田", "𠮷田"),
        ("John Smith", "John Smith"),
        ("Anne-Marie O'Neill", "Anne-Marie O'Neill"),
        ("Ｊｏｈｎ", "John"),
        ("José Núñez Jr.", "José Núñez Jr."),
    ],
)
def test_names_are_stored_one_way(typed: str, stored: str) -> None:
    assert parse_person_name(typed) == stored
    assert normalise_name(stored) == stored


@pytest.mark.parametrize("text", ["", "王", "王2", "·王明", "王明·", "王··明", "王明(户主)", "张John", "12", "<b>", "王" * 51, "J"])
def test_other_texts_are_no_names(text: str) -> None:
    with pytest.raises(Invalid, match="NAME_FORMAT"):
        parse_person_name(text)


def test_bigrams_are_distinct_neighbours() -> None:
    assert bigrams("幸福苑幸福") == ["幸福", "福苑", "苑幸"]
    assert bigrams("王") == ["王"]
    assert bigrams(" ") == []
    assert bigrams("ＡＢ c") == ["ab", "bc"]


def test_stored_terms_also_hold_single_characters() -> None:
    assert search_terms("王小明") == ["王小", "小明", "王", "小", "明"]
    assert set(bigrams("明")) <= set(search_terms("王小明"))


@given(st.text(max_size=30), st.data())
def test_every_part_of_a_text_is_found_by_its_bigrams(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    part = text[start : data.draw(st.integers(start, len(text)))]
    assert search_key(part) in search_key(text)
    if len(search_key(part)) >= 2:
        assert set(bigrams(part)) <= set(bigrams(text))
    assert set(bigrams(part)) <= set(search_terms(text))
