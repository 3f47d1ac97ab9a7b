"""Digests, signatures, places on earth and seeded orders, against published values."""

from __future__ import annotations

import base64
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.errors import CannotEvaluate
from survey_kit.responses.logic.coded_functions import decoded, digest
from survey_kit.responses.logic.geo_functions import area, distance, inside, points
from survey_kit.responses.logic.randomizing import numeric_seeds, shuffle
from survey_kit.responses.logic.signatures import signed_text, verified
from survey_kit.responses.logic.value import of_text

POLYGON = (
    "38.253094215699576 21.756382658677467 0 0; 38.25021274773806 21.756382658677467 0 0; "
    "38.25007793942195 21.763892843919166 0 0; 38.25290886154963 21.763935759263404 0 0; "
    "38.25146813817506 21.758421137528785 0 0;"
)
QUARTER = 2 * math.pi * 6_378_100 / 4
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)
"""RFC 8032, section 7.1, test 2: the message is the one letter r."""


def test_the_digests_are_those_of_javarosa() -> None:
    assert digest("some text", "MD5", "base64") == "VS4hzUzZkYZ448Gg30kbww=="
    assert digest("", "sha-1", "HEX") == "da39a3ee5e6b4b0d3255bfef95601890afd80709"


@pytest.mark.parametrize(
    ("algorithm", "encoding", "said"),
    [
        (
            "SHA-3",
            "hex",
            (
                "digest(): there is no digest called 'SHA-3'. "
                "Use MD5, SHA-1, SHA-256, SHA-384 or SHA-512."
            ),
        ),
        ("MD5", "base58", "digest(): there is no encoding called 'base58'. Use base64 or hex."),
    ],
)
def test_a_digest_that_is_unknown_is_refused(algorithm: str, encoding: str, said: str) -> None:
    with pytest.raises(CannotEvaluate) as caught:
        digest("a", algorithm, encoding)

    assert str(caught.value) == said


@given(st.binary(max_size=40))
def test_base64_is_read_back(raw: bytes) -> None:
    assert decoded(base64.b64encode(raw).decode()) == raw


def test_a_signature_of_the_standard_is_verified() -> None:
    assert verified(PUBLIC, SIGNATURE, b"r")
    assert signed_text(SIGNATURE + b"r", PUBLIC) == "r"


@pytest.mark.parametrize("place", [0, 31, 32, 63])
def test_a_signature_with_one_bit_changed_is_none(place: int) -> None:
    forged = bytearray(SIGNATURE)
    forged[place] ^= 1

    assert signed_text(bytes(forged) + b"r", PUBLIC) == ""
    assert signed_text(SIGNATURE + b"s", PUBLIC) == ""
    assert signed_text(b"short", PUBLIC) == ""


def test_areas_and_distances_are_those_of_javarosa() -> None:
    # GeoAreaTest and GeoDistanceTest of JavaRosa 5.1, with their tolerances
    assert area(points(POLYGON) or []) == pytest.approx(151_452, abs=0.5)
    assert distance(points("0 1 0 0; 0 91 0 0;") or []) == pytest.approx(QUARTER, abs=1e-7)
    assert distance(points("1 1 0 0") or []) == 0
    assert points("foo") is None


def test_a_place_is_inside_a_fence_or_not() -> None:
    fence = [(0.0, 0.0), (0.0, 2.0), (2.0, 2.0), (2.0, 0.0), (0.0, 0.0)]

    assert inside((1.0, 1.0), fence)
    assert not inside((1.0, 3.0), fence)


def test_an_order_of_chance_is_that_of_every_phone() -> None:
    # as JavaRosa 5.1 shuffles them
    codes = [f"m{number}" for number in range(12)]

    assert " ".join(shuffle(codes, 42)) == "m0 m10 m9 m1 m8 m4 m6 m3 m7 m11 m5 m2"
    assert " ".join(shuffle(codes, 33)) == "m3 m11 m4 m8 m2 m0 m1 m10 m9 m7 m6 m5"


@given(things=st.lists(st.integers(), max_size=30), seed=st.integers(-(2**62), 2**62))
def test_an_order_of_chance_loses_nothing(things: list[int], seed: int) -> None:
    assert sorted(shuffle(things, seed)) == sorted(things)


def test_a_word_is_a_seed_by_its_hash() -> None:
    # XPathFuncAsSomethingTest of JavaRosa 5.1
    assert numeric_seeds(of_text("Hello")).tolist() == [1756278180214341157]
    assert numeric_seeds(of_text("")).tolist() == [0]
    assert numeric_seeds(of_text("12.9")).tolist() == [12]


def test_a_signature_is_verified_in_no_time() -> None:
    begin = time.perf_counter()

    verified(PUBLIC, SIGNATURE, b"x" * 1_000)

    assert time.perf_counter() - begin < 1
