"""The parser: a table of source -> tree, every fault word for word, and the law parse(print(t)) == t."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.errors import ExpressionError
from survey_kit.questionnaire.expression import (
    Answer,
    Call,
    Negative,
    Node,
    Number,
    Operation,
    Path,
    Text,
    This,
)
from survey_kit.questionnaire.functions import FUNCTIONS, Function
from survey_kit.questionnaire.parser import DEEPEST, LEVELS, parse
from survey_kit.questionnaire.printer import to_xpath

A, B, C = Answer("a"), Answer("b"), Answer("c")
ONE, TWO = Number(1), Number(2)


def operation(operator: str, left: Node, right: Node) -> Operation:
    return Operation(operator, left, right)


READ_AS: dict[str, Node] = {
    "1": ONE,
    "5.": Number(5),
    ".5": Number(0.5),
    "'it is \"so\"'": Text('it is "so"'),
    '"it\'s"': Text("it's"),
    "'don’t'": Text("don’t"),
    "''": Text(""),
    "${a}": A,
    "${ a }": A,
    "${নাম}": Answer("নাম"),
    ".": This(),
    "..": Path(".."),
    "../x": Path("../x"),
    "./x": Path("./x"),
    "/data/group/x": Path("/data/group/x"),
    "name": Path("name"),
    "province_col": Path("province_col"),
    "a-b": Path("a-b"),
    "a -b": operation("-", Path("a"), Path("b")),
    "${a}-1": operation("-", A, ONE),
    "${a} -1": operation("-", A, ONE),
    "5-3": operation("-", Number(5), Number(3)),
    "-${a}": Negative(A),
    "--1": Negative(Negative(ONE)),
    "-1 * 2": operation("*", Negative(ONE), TWO),
    "- 1 + 2": operation("+", Negative(ONE), TWO),
    "1 - -2": operation("-", ONE, Negative(TWO)),
    "1 - 2 - 1": operation("-", operation("-", ONE, TWO), ONE),
    "1 + 2 * 1": operation("+", ONE, operation("*", TWO, ONE)),
    "(1 + 2) * 1": operation("*", operation("+", ONE, TWO), ONE),
    "${a} div ${b} mod 2": operation("mod", operation("div", A, B), TWO),
    "${a}=1or${b}=2": operation("or", operation("=", A, ONE), operation("=", B, TWO)),
    "${a} or ${b} and ${c}": operation("or", A, operation("and", B, C)),
    "${a} and ${b} or ${c}": operation("or", operation("and", A, B), C),
    "${a} != ${b} = ${c}": operation("=", operation("!=", A, B), C),
    "1 < 2 = true()": operation("=", operation("<", ONE, TWO), Call("true", ())),
    "${a}<=1": operation("<=", A, ONE),
    "${a}>=1": operation(">=", A, ONE),
    "${a}\xa0=\n\t1": operation("=", A, ONE),
    "or": Path("or"),
    "or or and": operation("or", Path("or"), Path("and")),
    "selected(${a}, 'x')": Call("selected", (A, Text("x"))),
    "count-selected(.)": Call("count-selected", (This(),)),
    "count-selected (.) <= 3": operation("<=", Call("count-selected", (This(),)), Number(3)),
    "jr:choice-name(${a}, '${a}')": Call("jr:choice-name", (A, Text("${a}"))),
    "if(${a}, 1, if(${b}, 2, ''))": Call("if", (A, ONE, Call("if", (B, TWO, Text(""))))),
    "position(..)": Call("position", (Path(".."),)),
    "position(../..)": Call("position", (Path("../.."),)),
    "*": Path("*"),
    "../*": Path("../*"),
    "${a} * 2": operation("*", A, TWO),
    "${a}[. > 1]": Path("${a}[. > 1]", (A, operation(">", This(), ONE))),
    "${a}/x": Path("${a}/x", (A,)),
    "current()/../x": Path("current()/../x"),
    "instance('l')/root/item[name = ${a}]/label": Path(
        "instance('l')/root/item[name = ${a}]/label",
        (Text("l"), operation("=", Path("name"), A)),
    ),
    "/data/x[position() = 1]/@y": Path(
        "/data/x[position() = 1]/@y", (operation("=", Call("position", ()), ONE),)
    ),
    "child::x/text()": Path("child::x/text()"),
    "${a} | ${b}": operation("|", A, B),
}


@pytest.mark.parametrize("source", READ_AS)
def test_a_source_is_read_as_this_tree(source: str) -> None:
    assert parse(source, "here").tree == READ_AS[source]


@pytest.mark.parametrize("source", READ_AS)
def test_the_source_is_kept_verbatim(source: str) -> None:
    assert str(parse(source, "here")) == source


def test_questions_inside_the_brackets_of_a_location_are_found() -> None:
    expression = parse("count(${roster}[${age} > 17]) > 0 and ${consent} = 'yes'", "here")

    assert expression.answers == ("roster", "age", "consent")


REFUSED = {
    "": "here: the expression is empty (character 1: ). Write one, or leave the cell empty.",
    "${a} =": "here: it ends too early (character 7: ${a} =). "
    "Here should stand a value, such as a number, 'text' or ${question}.",
    "${a} ${b}": "here: '${b}' cannot stand here (character 6: ${a} ${b}). "
    "Here should stand an operator such as 'and', or the end of the expression.",
    "(${a}": "here: it ends too early (character 6: (${a}). "
    "Here should stand a closing bracket ')'.",
    "${a} = ‘yes’": "here: ‘ is a curly quote, which a form cannot read "
    "(character 8: ${a} = ‘yes’). Write a straight quote, ' or \".",
    "${a} = 'yes": "here: a text begins here and never ends (character 8: ${a} = 'yes). "
    "Close it with '.",
    "${a = 1": "here: a reference to a question begins here and never ends "
    "(character 1: ${a = 1). Write it as ${name}.",
    "${1a}": "here: ${1a} is not the name of a question (character 1: ${1a}). "
    "Write ${name}, where the name begins with a letter or an underscore.",
    "${last-saved#1}": "here: ${last-saved#1} is not the name of a question "
    "(character 1: ${last-saved#1}). "
    "Write ${name}, where the name begins with a letter or an underscore.",
    "floor(${a})": "here: there is no function 'floor' (character 1: floor(${a})). "
    "Use int(), which goes towards 0.",
    "indexed-repeat(${a}, ${r}, 1, 2)": "here: indexed-repeat() takes 3, 5, 7, 9 or 11 arguments, "
    "not 4 (character 1: indexed-repeat(${a}, ${r}, 1, ...). Check its commas and brackets.",
    "slected(${a}, 'x')": "here: there is no function 'slected' "
    "(character 1: slected(${a}, 'x')). Did you mean 'selected'?",
    "xyzzy()": "here: there is no function 'xyzzy' (character 1: xyzzy()). "
    "See the functions at docs.getodk.org.",
    "selected(${a})": "here: selected() takes 2 arguments, not 1 (character 1: selected(${a})). "
    "Check its commas and brackets.",
    "not()": "here: not() takes 1 argument, not 0 (character 1: not()). "
    "Check its commas and brackets.",
    "${a} == 1": "here: '=' cannot stand here (character 7: ${a} == 1). "
    "Here should stand a value, such as a number, 'text' or ${question}.",
    "${a} & ${b}": "here: '&' means nothing in an expression (character 6: ${a} & ${b}). "
    "Remove it.",
    "/data/": "here: it ends too early (character 7: /data/). "
    "Here should stand the name of a question or group.",
}


@pytest.mark.parametrize("source", REFUSED)
def test_a_fault_says_where_and_what_to_do(source: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(source, "here")

    assert str(caught.value) == REFUSED[source]


def test_a_fault_in_a_long_expression_shows_only_its_neighbourhood() -> None:
    source = "1 or " * 20 + "# or" + " 1 or" * 20

    with pytest.raises(ExpressionError) as caught:
        parse(source, "here")

    assert str(caught.value) == (
        "here: '#' means nothing in an expression (character 101: "
        "...1 or 1 or 1 or 1 or # or 1 or 1 or 1 or 1 or 1 or ...). Remove it."
    )


@pytest.mark.parametrize(
    "deep",
    ["(" * 5_000 + "1" + ")" * 5_000, "-" * 5_000 + "1", "not(" * 5_000 + "1" + ")" * 5_000],
)
def test_nesting_has_a_limit_that_is_named(deep: str) -> None:
    with pytest.raises(ExpressionError, match=f"more than {DEEPEST} brackets"):
        parse(deep, "here")


def test_nesting_up_to_the_limit_is_read() -> None:
    depth = DEEPEST - 1

    assert to_xpath(parse("not(" * depth + "1" + ")" * depth, "here").tree).count("not") == depth


def test_a_chain_is_read_in_a_time_that_grows_with_its_length() -> None:
    def seconds(length: int) -> float:
        source = " or ".join(["selected(${a}, 'x')"] * length)
        begin = time.perf_counter()
        parse(source, "here")
        return time.perf_counter() - begin

    few, many = min(seconds(500) for _ in range(3)), min(seconds(5_000) for _ in range(3))

    assert many < 40 * few


names = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,5}", fullmatch=True)
leaves = st.one_of(
    st.builds(Text, st.text(max_size=6).filter(lambda text: "'" not in text or '"' not in text)),
    st.builds(Number, st.floats(min_value=0, allow_nan=False, allow_infinity=False)),
    st.builds(Answer, names),
    st.just(This()),
    st.builds(Path, st.sampled_from(["..", "../x", "/data/x", "column"])),
)


def calls(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    known = st.sampled_from(
        [each for each in FUNCTIONS.values() if each.name not in ("instance", "current")]
    )
    return known.flatmap(
        lambda function: st.builds(
            Call,
            st.just(function.name),
            st.one_of([st.tuples(*[inner] * count) for count in counts(function)]),
        )
    )


def counts(function: Function) -> list[int]:
    """How many arguments it may have: up to two more than it must."""
    return [
        count for count in range(function.fewest, function.fewest + 3) if function.allows(count)
    ]


trees: st.SearchStrategy[Node] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Operation, st.sampled_from(list(LEVELS)), inner, inner),
        st.builds(Negative, inner),
        calls(inner),
    ),
    max_leaves=25,
)


@given(tree=trees)
def test_what_is_printed_is_read_as_the_same_tree(tree: Node) -> None:
    assert parse(to_xpath(tree), "here").tree == tree


def test_a_text_with_both_quotes_cannot_be_printed() -> None:
    with pytest.raises(ExpressionError) as caught:
        to_xpath(Text("'\""))

    assert str(caught.value) == (
        "a text in an expression: it holds both kinds of quotes, which an expression cannot "
        "write. Join two texts with concat()."
    )


def test_a_location_knows_its_steps_and_their_brackets() -> None:
    tree = parse("instance('towns')/root/item[in = ${a}]/name", "here").tree

    assert isinstance(tree, Path)
    assert tree.head == Call("instance", (Text("towns"),))
    assert [(step.axis, step.name, len(step.brackets)) for step in tree.steps] == [
        ("child", "root", 0),
        ("child", "item", 1),
        ("child", "name", 0),
    ]


@pytest.mark.parametrize(
    ("source", "steps"),
    {
        "../../age": ["parent", "parent", "child"],
        "/data/@id": ["child", "attribute"],
        "current()/../age": ["parent", "child"],
        "${roster}[age > 1]/name": ["self", "child"],
        "./age": ["child"],
        "/": [],
        "//age": ["descendant", "child"],
        "self::node()": ["self"],
    }.items(),
)
def test_a_location_is_followed_step_by_step(source: str, steps: list[str]) -> None:
    tree = parse(source, "here").tree

    assert isinstance(tree, Path)
    assert tree.text == source
    assert [step.axis for step in tree.steps] == steps


def test_an_answer_of_the_interview_before_this_one_is_read() -> None:
    assert parse("${last-saved#age} + 1", "here").answers == ("last-saved#age",)


def test_a_sum_of_thousands_is_compared_looked_up_and_shown() -> None:
    long, again = (parse(" + ".join(["${a}"] * 5_000), "here").tree for _ in range(2))
    other = parse(" + ".join(["${a}"] * 4_999 + ["${b}"]), "here").tree

    assert long is not again
    assert long == again
    assert {long: "known"}[again] == "known"
    assert long != other
    assert repr(long) == repr(again) != repr(other)


@given(one=trees, other=trees)
def test_trees_are_equal_where_they_are_shown_alike(one: Node, other: Node) -> None:
    assert one == one  # noqa: PLR0124 - Operation says itself what is equal
    assert (one == other) == (repr(one) == repr(other))
    assert one != other or hash(one) == hash(other)
