"""Component codes: what is built is read again, what does not fit is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.lib.componentcode import Layout, component_code, parse_component
from linli.lib.errors import Invalid

LAYOUTS = st.builds(Layout, county=st.just(6), group=st.integers(1, 3), kind=st.integers(1, 4), serial=st.integers(3, 8))


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


@given(LAYOUTS, st.data())
def test_a_code_is_read_as_it_was_built(layout: Layout, data: st.DataObject) -> None:
    county, group, kind = (data.draw(digits(length)) for length in (layout.county, layout.group, layout.kind))
    serial = data.draw(st.integers(1, layout.last))
    code = component_code(county, group, kind, serial, layout)
    found = parse_component(code, layout)
    assert len(code) == layout.length
    assert [found.county, found.group, found.kind, found.serial] == [county, group, kind, serial]
    assert found.text(layout) == code


@given(st.text(max_size=20).filter(lambda text: not (len(text.strip()) == 16 and text.strip().isdecimal())))
def test_what_is_not_sixteen_digits_is_no_national_code(text: str) -> None:
    with pytest.raises(Invalid) as error:
        parse_component(text)
    assert (error.value.code, error.value.field) == ("COMPONENT_FORMAT", "code")


@pytest.mark.parametrize(
    "parts",
    [
        ("36050", "01", "02", 1),
        ("360502", "1", "02", 1),
        ("360502", "01", "x2", 1),
        ("360502", "01", "02", 0),
        ("360502", "01", "02", 10**6),
    ],
)
def test_parts_that_do_not_fit_make_no_code(parts: tuple[str, str, str, int]) -> None:
    with pytest.raises(ValueError, match="no component code"):
        component_code(*parts)


def test_the_example_of_the_standard_order() -> None:
    assert component_code("360502", "01", "03", 12) == "3605020103000012"
    with pytest.raises(Invalid, match="begins with 1"):
        parse_component("3605020103000000")
