import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.lib.uuid7 import uuid7, uuid7_at, uuid7_ms


def test_keys_made_in_a_row_are_sorted_and_distinct() -> None:
    keys = [uuid7() for _ in range(5000)]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert {key.version for key in keys} == {7}
    assert {key.variant for key in keys} == {"specified in RFC 4122"}


def test_keys_carry_the_time() -> None:
    assert abs(uuid7_ms(uuid7()) - time.time() * 1000) < 2000


def test_keys_stay_sorted_when_the_clock_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = uuid7()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000)
    assert uuid7() > before


def test_threads_never_share_a_key() -> None:
    with ThreadPoolExecutor(4) as pool:
        keys = list(pool.map(lambda _: uuid7(), range(2000)))
    assert len(set(keys)) == 2000


def test_the_vector_of_rfc_9562() -> None:
    vector = UUID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")
    assert uuid7_at(0x017F22E279B0, (0xCC3 << 62) | 0x18C4DC0C0C07398F) == vector
    assert uuid7_ms(vector) == 0x017F22E279B0


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**48 - 1), st.integers(0, 2**74 - 1), st.integers(0, 2**74 - 1))
def test_given_times_and_bits_sort_like_their_keys(ms: int, other_ms: int, bits: int, other_bits: int) -> None:
    assert ((ms, bits) < (other_ms, other_bits)) == (uuid7_at(ms, bits) < uuid7_at(other_ms, other_bits))


@pytest.mark.parametrize(("ms", "bits"), [(-1, 0), (2**48, 0), (0, -1), (0, 2**74)])
def test_what_does_not_fit_is_refused(ms: int, bits: int) -> None:
    with pytest.raises(ValueError, match=r"out of range|must fit 74"):
        uuid7_at(ms, bits)
