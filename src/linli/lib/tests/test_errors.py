import pickle

import pytest

from linli.lib.errors import Conflict, Invalid, LinliError, NotFound, Refused, TooMany, Unavailable


@pytest.mark.parametrize(
    ("kind", "status"),
    [(LinliError, 400), (Invalid, 422), (NotFound, 404), (Refused, 403), (Conflict, 409), (TooMany, 429), (Unavailable, 503)],
)
def test_each_kind_has_its_http_status(kind: type[LinliError], status: int) -> None:
    assert kind("X", "message").status == status


def test_problem_document_is_translated_and_keeps_data_to_itself() -> None:
    error = Invalid("ID_CHECK", "Hello %(name)s", field="id_number", hint="Look at %(name)s", data={"name": "王小明"})
    problem = error.as_problem(lambda text: text.replace("Hello", "你好"))
    assert problem == {
        "type": "urn:linli:problem:id-check",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "你好 王小明",
        "code": "ID_CHECK",
        "field": "id_number",
        "hint": "Look at 王小明",
    }


def test_a_per_cent_sign_without_data_is_left_alone() -> None:
    assert LinliError("X", "100% sure").text() == "100% sure"


def test_attributes_are_set_once() -> None:
    error = Refused("X", "no")
    with pytest.raises(AttributeError):
        error.status = 200
    error.add_note("notes and tracebacks still work")


def test_errors_survive_pickling() -> None:
    error = pickle.loads(pickle.dumps(TooMany("X", "wait %(n)s", field="f", hint="h", data={"n": 3}, status=420)))
    assert (type(error), error.code, error.text(), error.field, error.hint, error.status) == (TooMany, "X", "wait 3", "f", "h", 420)
