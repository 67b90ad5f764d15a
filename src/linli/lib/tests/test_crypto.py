import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.lib.crypto import KeyRing
from linli.lib.errors import Unavailable

RING = KeyRing.generate()


@settings(max_examples=50)
@given(st.text(), st.binary(max_size=40))
def test_what_is_encrypted_opens_again(plain: str, aad: bytes) -> None:
    blob = RING.encrypt(plain, aad)
    assert RING.decrypt(blob, aad) == plain
    assert RING.decrypt(memoryview(blob), aad) == plain


@settings(max_examples=60)
@given(st.data())
def test_any_changed_byte_is_noticed(data: st.DataObject) -> None:
    blob = bytearray(RING.encrypt("360502195001010011"))
    blob[data.draw(st.integers(0, len(blob) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Unavailable):
        RING.decrypt(bytes(blob))


def test_a_value_opens_only_in_its_place() -> None:
    blob = RING.encrypt("secret", b"person.id_no:1")
    with pytest.raises(Unavailable, match="CRYPTO_DAMAGED"):
        RING.decrypt(blob, b"person.id_no:2")


@pytest.mark.parametrize("blob", [b"", b"\x01", b"\x01\x02k1", b"\x02" + bytes(60), bytes(60), b"\x01\x02\xff\xff" + bytes(60)])
def test_what_is_no_encrypted_value_is_refused(blob: bytes) -> None:
    with pytest.raises(Unavailable, match="CRYPTO_DAMAGED"):
        RING.decrypt(blob)


def test_equal_texts_look_different() -> None:
    assert RING.encrypt("a") != RING.encrypt("a")
    assert b"360502" not in RING.encrypt("360502195001010011")


def test_old_values_open_after_rotation_and_ask_for_it() -> None:
    old = RING.encrypt("a")
    ring = RING.rotated("k2")
    assert ring.decrypt(old) == "a"
    assert ring.needs_rotation(old)
    assert not ring.needs_rotation(ring.encrypt("a"))
    assert ring.blind_index("a", "id") == RING.blind_index("a", "id")
    with pytest.raises(ValueError, match="already has a key"):
        ring.rotated("k1")


def test_a_missing_key_is_named() -> None:
    blob = RING.rotated("k2").encrypt("a")
    with pytest.raises(Unavailable, match="k2") as caught:
        RING.decrypt(blob)
    assert caught.value.code == "CRYPTO_KEY_UNKNOWN"


def test_blind_indexes_depend_on_value_purpose_and_ring() -> None:
    index = RING.blind_index("13812345678", "phone")
    assert len(index) == 16
    assert index == RING.blind_index("13812345678", "phone")
    assert index != RING.blind_index("13812345679", "phone")
    assert index != RING.blind_index("13812345678", "id")
    assert RING.blind_index("bc", "a") != RING.blind_index("c", "ab")
    assert index != KeyRing.generate().blind_index("13812345678", "phone")


def test_signatures_are_for_one_value_and_purpose() -> None:
    signature = RING.sign("case 1", "receipt")
    assert len(signature) == 43
    assert RING.verify("case 1", signature, "receipt")
    assert not RING.verify("case 2", signature, "receipt")
    assert not RING.verify("case 1", signature, "link")
    assert not RING.verify("case 1", "签名", "receipt")


def test_a_ring_survives_its_file() -> None:
    ring = KeyRing.from_json(RING.rotated("k2").to_json())
    assert (ring.current, ring.key_ids) == ("k2", ("k1", "k2"))
    assert ring.decrypt(RING.encrypt("a")) == "a"
    assert ring.verify("v", RING.sign("v", "p"), "p")


def test_secrets_do_not_show() -> None:
    secret = json.loads(RING.to_json())["keys"]["k1"]
    assert secret not in repr(RING)
    assert "k1" in repr(RING)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"current":"k1","keys":{"k1":"###"},"index":""}',
        '{"current":"k2","keys":{},"index":""}',
        '{"current":"k1","keys":{"k1":"AAAA"},"index":"AAAA"}',
    ],
)
def test_malformed_rings_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"key ring is|not in the ring|must have 32 bytes"):
        KeyRing.from_json(text)
