"""Bad JSON, JSON Lines, and what comes back for each record."""

import io
import json
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage import AnswersError, Issue, load
from backtriage.errors import MOST_ISSUES
from backtriage.json_io.stream import RecordOutcome, assess_stream
from backtriage.model import Assessment
from backtriage.strict_json import MOST_BYTES, MOST_DEPTH, parse_json, write_json
from helpers import SMALL
from strategies import examples

RULES = load(SMALL)


def read(data: bytes, *, json_lines: bool = False) -> list[RecordOutcome]:
    return list(assess_stream(RULES, io.BytesIO(data), json_lines=json_lines))


def codes(data: bytes, *, json_lines: bool = False) -> list[object]:
    """For each record its line and "ok", or the codes of its errors."""
    return codes_of_outcomes(read(data, json_lines=json_lines))


def codes_of_outcomes(outcomes: list[RecordOutcome]) -> list[object]:
    """The same of what was read."""
    return [(outcome.line, ok_or_codes(outcome.result)) for outcome in outcomes]


def ok_or_codes(result: Assessment | AnswersError) -> object:
    """Either "ok", or the codes of the errors."""
    if isinstance(result, Assessment):
        return "ok"
    return [issue.code for issue in result.issues]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "not-json"),
        (b'{"age": 47,}', "not-json"),
        (b'{"age": 4 7}', "not-json"),
        (b"yes", "not-json"),
        (b'{"age": NaN}', "not-a-number"),
        (b'{"age": -Infinity}', "not-a-number"),
        (b'{"age": ' + b"9" * 5000 + b"}", "not-a-number"),
        (b'{"age": 1, "age": 2}', "duplicate-key"),
        (b'{"numb": {"a": 1, "a": 1}}', "duplicate-key"),
        (b'{"age": "\xff"}', "not-utf8"),
        (b"[" * 100 + b"]" * 100, "too-deep"),
        (b"[" * 400_000, "too-deep"),
        (b'{"numb": "' + b"x" * MOST_BYTES + b'"}', "too-large"),
    ],
    ids=lambda value: value[:24].decode(errors="replace") if isinstance(value, bytes) else value,
)
def test_what_is_not_strict_json_is_refused(data: bytes, code: str) -> None:
    """Each way of being wrong has its code, and none is a traceback."""
    assert codes_of(data)[0] == code


def codes_of(data: bytes) -> list[str]:
    """All that is wrong with a JSON text."""
    issues: list[Issue] = []
    try:
        parse_json(data, issues)
    except AnswersError as error:
        issues += error.issues
    return [issue.code for issue in issues]


def test_what_is_not_strict_is_told_together_with_what_is_wrong_in_it() -> None:
    """Duplicate keys, NaN and bad answers, each with the key that it stands under."""
    data = b'{"numb": "yes", "age": NaN, "numb": "perhapss", "agee": 3, "weak": [Infinity]}'

    issues = read(data)[0].result.issues

    assert [(issue.path, issue.code) for issue in issues] == [
        ("numb", "duplicate-key"),
        ("age", "not-a-number"),
        ("weak", "not-a-number"),
        ("numb", "wrong-type"),
        ("agee", "unknown-question"),
        ("weak", "wrong-type"),
    ]


def test_the_deepest_nesting_allowed_is_read_and_one_level_more_is_not() -> None:
    """The boundary itself."""
    assert codes_of(b"[" * MOST_DEPTH + b"]" * MOST_DEPTH) == []
    assert codes_of(b"[" * (MOST_DEPTH + 1) + b"]" * (MOST_DEPTH + 1)) == ["too-deep"]


def test_the_key_that_stands_twice_is_named() -> None:
    """Not just any key of the object."""
    issues: list[Issue] = []

    assert parse_json(b'{"a": 1, "b": 2, "b": 3}', issues) == {"a": 1, "b": 3}
    assert [(issue.path, issue.message) for issue in issues] == [
        ("b", 'the key "b" stands in the object 2 times')
    ]


def test_brackets_in_a_text_are_not_nesting() -> None:
    """Only real nesting counts, escapes included."""
    assert parse_json(b'{"a": "[[[[[[[[[[[[[[[[[[[[[[[[\\"[[[["}', []) == {
        "a": "[" * 24 + '"' + "[" * 4
    }


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"{}", [(1, "ok")]),
        (b"\xef\xbb\xbf{}", [(1, "ok")]),
        (b'{\n "numb": "yes"\n}\n', [(None, "ok")]),
        (b'{"numb": "yes",\n "age": 3}\n', [(None, "ok")]),
        (b'{"numb": "yes",\n "age": }\n', [(None, ["not-json"])]),
        (b"{}\n\n  \n{}\n", [(1, "ok"), (4, "ok")]),
        (
            b'{}\nnot json\n{"agee": 3}\n{}',
            [(1, "ok"), (2, ["not-json"]), (3, ["unknown-question"]), (4, "ok")],
        ),
        (b"not json\n{}\n", [(1, ["not-json"]), (2, "ok")]),
        (b'{"age": 4\n{}\n{}\n', [(1, ["not-json"]), (2, "ok"), (3, "ok")]),
        (b'{"age": 4\n\n{"age"\n{}\n', [(1, ["not-json"]), (3, ["not-json"]), (4, "ok")]),
        (b'{"age": 4,\n"weak": {"a": 1}\n}\n', [(None, ["wrong-type"])]),
        (b'[\n{"age": 4}\n]\n', [(None, ["not-an-object"])]),
        (b'{"age": 4,}\n{}\n', [(1, ["not-json"]), (2, "ok")]),
        (b"[{}]\n", [(1, ["not-an-object"])]),
        (b"3\n\xff\n{}\n", [(1, ["not-an-object"]), (2, ["not-utf8"]), (3, "ok")]),
    ],
)
def test_one_object_or_one_for_each_line(data: bytes, expected: list[object]) -> None:
    """A bad line has an error in its place, and the rest goes on."""
    assert codes(data) == expected


def test_json_lines_can_be_insisted_on() -> None:
    """With `json_lines` a first line that is cut off is an error of its own."""
    assert codes(b'{"numb":\n{}\n', json_lines=True) == [(1, ["not-json"]), (2, "ok")]


def test_a_line_that_is_too_large_does_not_take_the_next_with_it() -> None:
    """Its end is skipped, and the numbers of the lines stay right."""
    data = b"{}\n" + b'{"x": "' + b"y" * (3 * MOST_BYTES) + b'"}\n{}\n'

    assert codes(data) == [(1, "ok"), (2, ["too-large"]), (3, "ok")]
    assert codes(data.removeprefix(b"{}\n")) == [(1, ["too-large"]), (2, "ok")]


@pytest.mark.parametrize(
    "blanks", [MOST_BYTES - 20, MOST_BYTES, MOST_BYTES + 2, 2 * MOST_BYTES + 2, 3 * MOST_BYTES]
)
@pytest.mark.parametrize("blank", [b" ", b"\t", b"\r"])
def test_a_line_is_blank_only_if_all_of_it_is(blanks: int, blank: bytes) -> None:
    """What stands behind a million blanks is a patient."""
    line, nothing = blank * blanks + b'{"numb": "yes"}\n', blank * blanks + b"\n"
    expected = "ok" if len(line) <= MOST_BYTES else ["too-large"]

    for json_lines in (True, False):
        assert codes(b"{}\n" + line + nothing + b"{}\n", json_lines=json_lines) == [
            (1, "ok"),
            (2, expected),
            (4, "ok"),
        ]
        assert codes(nothing + line + b"{}", json_lines=json_lines) == [(2, expected), (3, "ok")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "behind", "expected"),
    [
        (b"{\n", b"}", [(None, ["too-large"])]),
        (b"", b"{\n}", [(None, ["too-large"])]),
        (b'{"age": 4\n', b"{}", [(1, ["not-json"]), (MOST_BYTES + 3, "ok")]),
        (b"", b'{"age": 4\n{}', [(MOST_BYTES + 2, ["not-json"]), (MOST_BYTES + 3, "ok")]),
        (b"{}\n", b"{}", [(1, "ok"), (MOST_BYTES + 3, "ok")]),
        (b"", b"", [(None, ["no-input"])]),
    ],
)
def test_blank_lines_are_counted_but_not_kept(
    before: bytes, behind: bytes, expected: list[object]
) -> None:
    """However many there are in a document, or between records."""
    stream = io.BytesIO(before + (MOST_BYTES + 1) * b"\n" + behind)
    tracemalloc.start()
    outcomes = list(assess_stream(RULES, stream, json_lines=False))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert codes_of_outcomes(outcomes) == expected
    assert peak < 10 * MOST_BYTES


def test_long_values_are_not_kept() -> None:
    """Memory does not grow with the number of lines."""
    values = (f"{number}\N{SLIGHTLY SMILING FACE}{'A' * 200_000}" for number in range(100))
    data = "\n".join(
        f'{{"numb": "{value}", "duration": "{value}", "{value}": 1}}' for value in values
    ).encode()
    tracemalloc.start()
    for outcome in assess_stream(RULES, io.BytesIO(data), json_lines=True):
        assert isinstance(outcome.result, AnswersError)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 20 * MOST_BYTES


@pytest.mark.parametrize(
    ("items", "brackets", "code", "more"),
    [
        (["NaN"] * 100_000, "[]", "not-a-number", 99_900),
        ([f'"{key}": NaN' for key in range(50_000)], "{}", "not-a-number", 49_900),
        ([f'"{key % 25_000}": 1' for key in range(50_000)], "{}", "duplicate-key", 24_900),
        (['{"a":1,"a":1}'] * 50_000, "[]", "duplicate-key", 49_900),
        ([*['{"a":1,"a":1}'] * 50_000, "tru"], "[]", "duplicate-key", 49_900),
    ],
    ids=["nan", "keys", "twice", "objects", "broken"],
)
def test_of_very_many_faults_the_first_are_told(
    items: list[str], brackets: str, code: str, more: int
) -> None:
    """And how many more there are; also where the text turns out to be no JSON."""
    issues: list[Issue] = []
    with suppress(AnswersError):
        parse_json(f"{brackets[0]}{','.join(items)}{brackets[1]}".encode(), issues)

    assert [issue.code for issue in issues] == [*[code] * MOST_ISSUES, "more-issues"]
    assert f"{more:,}" in issues[-1].message


def test_a_mistake_in_a_document_is_told_at_its_place() -> None:
    """Blank lines count."""
    issue = read(b'{\n\n "age": }\n')[0].result.issues[0]

    assert "line 3, column 9" in issue.message


def test_no_input_is_an_error() -> None:
    """Nothing in is not the same as no answers."""
    assert codes(b" \n\n") == [(None, ["no-input"])]


def test_records_come_one_by_one() -> None:
    """The first outcome is there before the second line is,
    so that the command can be a co-process.
    """

    class OneLine(io.BytesIO):
        def __next__(self) -> bytes:
            raise AssertionError("read too far")

        def readline(self, _size: int | None = -1) -> bytes:
            if self.tell() > 0:
                raise AssertionError("read too far")
            return super().readline()

    first = next(assess_stream(RULES, OneLine(b"{}\n{}\n"), json_lines=True))

    assert isinstance(first.result, Assessment)


@given(
    st.binary()
    | st.text().map(str.encode)
    | st.recursive(
        st.none() | st.booleans() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ).map(lambda value: json.dumps(value).encode())
)
def test_any_bytes_give_outcomes_or_an_error_in_words(data: bytes) -> None:
    """No input brings a traceback, and every message can be shown."""
    outcomes = read(data)
    assert outcomes
    for outcome in outcomes:
        if isinstance(outcome.result, AnswersError):
            assert outcome.result.issues
            assert all(str(issue).isprintable() for issue in outcome.result.issues)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"a":\u00a01}', "a no-break space (U+00A0) stands here, at column 6; use a space"),
        (
            "{\u201ca\u201d: 1}",
            'a left double quotation mark (U+201C) stands here, at column 2; use "',
        ),
        ('{"a"\uff1a 1}', "a fullwidth colon (U+FF1A) stands here, at column 5; use :"),
        ('{"a": 1\u200b}', "the character U+200B (zero width space) cannot be shown, at column 8"),
        ('{"a": "x\ty"}', "a tab (U+0009) stands in a text, at column 9; write it as \\t"),
        ('{"a": "\0"}', "a NUL (U+0000) stands in a text, at column 8; write it as \\u0000"),
        ('{"a": "x\ny"}', "a line break (U+000A) stands in a text, at column 9; write it as \\n"),
        ("{'a': 1}", "a single quote stands here, at column 2; put keys and texts in double"),
        ('{"a": 1}\r{"a": 2}', "a line ends with a carriage return (U+000D) alone, at line 2"),
        ('{"a": 1,\r\n"b" 2}', 'a ":" must stand here, behind the key, at line 2, column 5'),
        ('{"a": 1,}', "nothing stands behind the comma, at column 9; remove the comma"),
        ('{"a": 1', "the text ends before its value is whole, at column 8"),
        ('{"a": True}', "a value must stand here, at column 7; write a number, true, false"),
    ],
)
def test_why_a_text_is_not_json_is_told_in_our_own_words(text: str, told: str) -> None:
    """With the character where that can hardly be seen, its place, and a way out."""
    with pytest.raises(AnswersError) as caught:
        parse_json(text.encode(), [])

    assert str(caught.value).startswith(f"not-json this is not JSON: {told}")


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "  \n\n"])
def test_a_text_that_is_cut_off_ends_at_its_last_sign(end: str) -> None:
    """Wherever it is cut: not on a line behind it, which it does not have."""
    whole = '{"a": "x", "b": [12, true]}'
    for length in range(1, len(whole)):
        with pytest.raises(AnswersError) as caught:
            parse_json((whole[:length] + end).encode(), [])

        told = str(caught.value)
        assert "line" not in told, told
        if end and "not closed" not in told and "a value must" not in told:
            column = len(whole[:length].rstrip()) + 1
            assert f"the text ends before its value is whole, at column {column};" in told


@given(st.text(alphabet=st.characters(categories=["Cs", "Lu", "So"], include_characters='\\"d8')))
@examples(200)
def test_json_that_is_written_has_no_half_characters(text: str) -> None:
    """A name that is not UTF-8 has some; strict readers refuse them. All else stays as it is."""
    read = json.loads(write_json({"name": text}))["name"]

    assert read == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
