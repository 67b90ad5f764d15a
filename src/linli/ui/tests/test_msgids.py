"""What a person may read is found wherever it is written down."""

from __future__ import annotations

from pathlib import Path

from linli.ui.engine.msgids import python_msgids


def test_a_refusal_s_words_are_found_in_place_and_in_constants(tmp_path: Path) -> None:
    module = tmp_path / "m.py"
    module.write_text(
        '_HINT = "Look at the receipt."\nOTHER = "never shown"\n'
        'raise Invalid("CODE", "It has 26 digits.", hint=_HINT)\nraise Invalid("CODE", message, hint=hint)\n'
    )
    assert [message for message, _ in python_msgids(module)] == ["It has 26 digits.", "Look at the receipt."]
