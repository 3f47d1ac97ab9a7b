"""Every rule finds what it is for, and leaves alone what looks like it.

Each row holds a rule, what is added to the form so that the rule speaks, and what is added so
that it does not. A rule without a row fails a test of its own.
"""

from __future__ import annotations

import pytest

from survey_kit.review.report import table_of_rules
from survey_kit.review.rule import rules

FIRST = "  - {name: first, type: integer, label: {en: First, ar: أول}, required: true"


def q(kind="integer", name="new", label="{en: New, ar: جديد}", **keys):
    """One question in YAML."""
    lines = [f"  - name: {name}", f"    type: {kind}", f"    label: {label}"]
    lines += [f"    {key}: {value}" for key, value in keys.items()]
    return "\n".join(lines)


def group(inner, kind="group", **keys):
    """A group or repeat around one question."""
    inside = "\n".join(f"    {line}" for line in inner.splitlines())
    said = "".join(f"    {key}: {value}\n" for key, value in keys.items())
    return f"  - {kind}: around\n{said}    questions:\n{inside}"


def listed(*choices, name="extra"):
    """A list of choices."""
    return f"  {name}:\n" + "\n".join(f"    - {{{choice}}}" for choice in choices)


def choice(code, label=None, arabic=None, more=""):
    """One choice in YAML."""
    label = code if label is None else label
    arabic = f"{label} ع" if arabic is None else arabic
    return f'code: "{code}", label: {{en: "{label}", ar: "{arabic}"}}{more}'


STUDENTS = listed(choice("x"), choice("y"), choice("none", "None of these"))
SAYS_NO = listed(choice("x"), choice("ref", "R", more=", missing: refused"))
AUDIO = "{audio: {en: a.m4a, ar: b.m4a}}"
LOOKED_AT = "relevant: ${agrees} = 'yes'"
TABLE = {
    "Q101": [
        (
            (q(relevant="${agrees} = 'yes' and ${agrees} = 'no'"),),
            (q(relevant="${agrees} = 'yes'"),),
        ),
        (
            (group(q(relevant="${region} = 'south'"), relevant="${region} = 'north'"),),
            (group(q(relevant="${age} > 3"), relevant="${region} = 'north'"),),
        ),
        (
            (q(relevant="${age} > 8 and ${age} < 9"),),
            (q(relevant="${height} > 8 and ${height} < 9"),),
        ),
        (
            (
                q(name="asked", relevant="${age} > 60")
                + "\n"
                + q(relevant="${asked} > 1 and ${age} < 50"),
            ),
            (
                q(name="asked", relevant="${age} > 60")
                + "\n"
                + q(relevant="(${asked} > 1 or ${height} > 1) and ${age} < 50"),
            ),
        ),
        (
            (
                q("calculate", "old", calculation="\"if(${age} > 60, 'yes', 'no')\"")
                + "\n"
                + q(relevant="${old} = 'yes' and ${age} < 18"),
            ),
            (
                q("calculate", "old", calculation="\"if(${age} > 60, 'yes', 'no')\"")
                + "\n"
                + q(relevant="${old} = 'no' and ${age} < 18"),
            ),
        ),
    ],
    "Q102": [((q(relevant="false()"),), (q(relevant="true()"),))],
    "Q103": [
        ((q(constraint=". > 18 and . < 10"),), (q(constraint=". > 10 and . < 18"),)),
        (
            (q("select_multiple sources", constraint="count-selected(.) > 3"),),
            (q("select_multiple sources", constraint="count-selected(.) > 2"),),
        ),
        (
            (q("date", constraint=". > date('2026-01-02') and . < date('2026-01-01')"),),
            (q("date", constraint=". > date('2026-01-02') and . < today()"),),
        ),
    ],
    "Q104": [
        (
            (q(relevant="${region} != 'north' or ${region} != 'south'"),),
            (q(relevant="${region} != 'north' and ${region} != 'south'"),),
        ),
        ((q(constraint=". > 5 or . <= 10"),), (q(constraint=". < 5 or . >= 10"),)),
    ],
    "Q105": [
        (
            (q(relevant="${age} > 60 or (${age} > 18 and ${age} < 10)"),),
            (q(relevant="${age} > 60 or (${age} > 8 and ${age} < 10)"),),
        )
    ],
    "Q110": [
        (
            (group(q(), "repeat", count="${age}"),),
            (group(q(), "repeat", count="${age}", relevant="${age} > 0"),),
        ),
        (
            (
                q(name="n", required="true", relevant="${agrees} = 'yes'")
                + "\n"
                + group(q(), "repeat", count="${n}"),
            ),
            (q(name="n", required="true") + "\n" + group(q(), "repeat", count="${n}"),),
        ),
    ],
    "Q111": [
        (
            (group(q(), "repeat", count="${age}"),),
            (q(name="n", constraint=". <= 30") + "\n" + group(q(), "repeat", count="${n}"),),
        ),
        (
            (group(q(), "repeat", count="int(${age} div 2) - 1"),),
            (group(q(), "repeat", count="min(${age}, 9)"),),
        ),
        (
            (
                q("calculate", "n", calculation="${age} + 1")
                + "\n"
                + group(q(), "repeat", count="${n}"),
            ),
            (
                q("calculate", "n", calculation="if(${age} > 9, 9, ${age})")
                + "\n"
                + group(q(), "repeat", count="${n}"),
            ),
        ),
        ((group(q(), "repeat", count="100000"),), (group(q(), "repeat", count="100"),)),
        (
            (
                q(name="n", constraint=". <= 30 or ${agrees} = 'yes'")
                + "\n"
                + group(q(), "repeat", count="${n}"),
            ),
            (
                q(name="n", constraint="if(${agrees} = 'yes', . < 9, . < 30)")
                + "\n"
                + group(q(), "repeat", count="${n}"),
            ),
        ),
    ],
    "Q112": [((group(q(), "repeat", count="${age}"),), (group(q(), "repeat", count="3"),))],
    "Q201": [
        (
            (q(relevant="selected(${sources}, 'wall')"),),
            (q(relevant="selected(${sources}, 'well')"),),
        ),
        (
            (
                q("calculate", "old", calculation="\"if(${age} > 60, 'yes', 'no')\"")
                + "\n"
                + q(relevant="${old} = 'YES'"),
            ),
            (
                q("calculate", "old", calculation="${age} > 60")
                + "\n"
                + q(relevant="${old} = 'YES'"),
            ),
        ),
    ],
    "Q202": [
        ((q("select_one yes_no", default="maybe"),), (q("select_one yes_no", default="yes"),)),
        (
            (q("select_multiple sources", default="well sea"),),
            (q("select_multiple sources", default="well river"),),
        ),
    ],
    "Q203": [
        (
            (q("select_one towns", choice_filter="region = ${agrees}"),),
            (q("select_one towns", choice_filter="region = ${region}"),),
        ),
        (
            (
                q(
                    "select_one towns",
                    choice_filter="region = ${region}",
                    relevant="${region} = 'north'",
                ),
            ),
            (q("select_one towns", choice_filter="name != 'a'"),),
        ),
        (
            (q("select_one towns", choice_filter="region = 'north' and region = ${agrees}"),),
            (q("select_one towns", choice_filter="region = 'north'"),),
        ),
    ],
    "Q210": [
        (
            ("", listed(choice("x", "Same"), choice("y", " same "))),
            ("", listed(choice("x"), choice("y"))),
        ),
        (
            (
                q("select_one extra"),
                listed(choice("x", "A", "ع", ", r: '1'"), choice("y", "A", "ع", ", r: '2'")),
            ),
            (
                q("select_one extra", choice_filter="r = ${age}"),
                listed(choice("x", "A", "ع", ", r: '1'"), choice("y", "A", "ع", ", r: '2'")),
            ),
        ),
    ],
    "Q211": [
        (("", listed(choice("Yes"), choice("yes"))), ("", listed(choice("yes"), choice("yess"))))
    ],
    "Q212": [((q("select_one extra"), listed(choice("x"))), (q("select_one extra"), STUDENTS))],
    "Q213": [(("", STUDENTS), (q("select_one extra"), STUDENTS))],
    "Q220": [
        (
            (q("select_multiple extra"), STUDENTS),
            (
                q(
                    "select_multiple extra",
                    constraint="not(selected(., 'none') and count-selected(.) > 1)",
                ),
                STUDENTS,
            ),
        ),
        (
            (q("select_multiple extra", constraint="count-selected(.) < 3"), STUDENTS),
            (
                q("select_multiple extra", constraint=". = 'none' or not(selected(., 'none'))"),
                STUDENTS,
            ),
        ),
        (
            (
                q(
                    "select_multiple extra",
                    constraint="not(selected(., 'none') and selected(., 'x'))",
                ),
                STUDENTS,
            ),
            (q("select_multiple extra", choice_filter="name != 'none'"), STUDENTS),
        ),
    ],
    "Q221": [
        (
            (q("select_one yes_no", privacy="sensitive"),),
            (q("select_one extra", privacy="sensitive"), SAYS_NO),
        ),
        (
            (q("integer", privacy="sensitive", required="true"),),
            (q("integer", privacy="sensitive"),),
        ),
    ],
    "Q230": [((q("note", required="true"),), (q("note", required="false"),))],
    "Q231": [
        (
            (q("text", read_only="true", required="true"),),
            (q("text", read_only="true", required="true", default="x"),),
        )
    ],
    "Q232": [
        (
            (q(constraint=". > 0"),),
            (q(constraint=". > 0", constraint_message="{en: More, ar: أكثر}"),),
        )
    ],
    "Q233": [
        (
            (q("calculate", calculation="${age} * 2"),),
            (
                q("calculate", calculation="${age} * 2")
                + "\n"
                + q("note", "n", "{en: 'Is ${new}', ar: 'هو ${new}'}"),
            ),
        )
    ],
    "Q301": [((q(relevant="${age} = 'many'"),), (q(relevant="${age} = '5' or ${age} = ''"),))],
    "Q302": [
        (
            (q(relevant="${sources} = 'well'"),),
            (q(relevant="${sources} = '' or ${region} = 'north'"),),
        )
    ],
    "Q303": [
        ((q(relevant="${day} > '2026-01-31'"),), (q(relevant="${day} > date('2026-01-31')"),))
    ],
    "Q304": [
        (
            (q("calculate", calculation="\"'Dear ' + ${age}\""),),
            (q("calculate", calculation="${age} + ${how_far_n}") + "\n" + q(name="how_far_n"),),
        )
    ],
    "Q305": [((q(relevant="age > 3"),), (q(relevant="${age} > 3"),))],
    "Q306": [
        ((q("text", constraint="regex(., '[')"),), (q("text", constraint="regex(., '[a]')"),))
    ],
    "Q307": [
        (
            (q("text", constraint="regex(., '^(a+)+$')"),),
            (q("text", constraint="regex(., '^[a-z]+( [a-z]+)*$')"),),
        ),
        (
            (q("text", constraint="regex(., '^([a-z]+ ?)*$')"),),
            (q("text", constraint="regex(., '^([0-9]{3}-)+[0-9]{4}$')"),),
        ),
    ],
    "Q308": [
        (
            (q(name="asked", relevant="${agrees} = 'yes'") + "\n" + q(relevant="${asked} != 2"),),
            (q(name="asked", required="true") + "\n" + q(relevant="${asked} != 2"),),
        ),
        (
            (q(relevant="${region} != 'north'"),),
            (q(relevant="${region} != '' and ${region} != 'north'"),),
        ),
    ],
    "Q309": [
        (
            (q("calculate", calculation="${height} div ${age}"),),
            (q("calculate", calculation="'if(${age} > 0, ${height} div ${age}, 0)'"),),
        ),
        (
            (q("calculate", calculation="${height} div ${age}", relevant="${age} >= 0"),),
            (q("calculate", calculation="${height} div ${age}", relevant="${age} > 0"),),
        ),
    ],
    "Q310": [
        (
            (q(relevant="${later} = 1") + "\n" + q(name="later"),),
            (q(name="later") + "\n" + q(relevant="${later} = 1"),),
        )
    ],
    "Q311": [((q(constraint="${age} > 3"),), (q(constraint=". + ${age} > 3"),))],
    "Q312": [((q(constraint="${new} > 3"),), (q(constraint=". > 3"),))],
    "Q313": [
        (
            (group(q(name="row"), "repeat") + "\n" + q(relevant="${row} > 3"),),
            (group(q(name="row"), "repeat") + "\n" + q(relevant="sum(${row}) > 3"),),
        )
    ],
    "Q314": [
        (
            (q("date", constraint=". <= today()"),),
            ("  - {name: start, type: start}\n" + q("date", constraint=". <= today()"),),
        )
    ],
    "Q316": [
        ((q(relevant="${words} > 3"),), (q(relevant="${age} > 3"),)),
        (
            (q(relevant="${region} > 3"),),
            (q(relevant="${how_far_one} > 1") + "\n" + q("select_one numbers", "how_far_one"),),
        ),
        ((q(relevant="${sources} > 3"),), (q(relevant="count-selected(${sources}) > 1"),)),
    ],
    "Q317": [
        ((q(relevant="selected(${sources}, 3)"),), (q(relevant="selected(${sources}, '3')"),))
    ],
    "Q318": [
        (
            (q(relevant="selected(${region}, 'north')"),),
            (q(relevant="selected(${sources}, 'well')"),),
        )
    ],
    "Q319": [
        (
            (q("calculate", calculation="${age} + 1"),),
            (q("calculate", calculation="coalesce(${age}, 0) + 1"),),
        )
    ],
    "Q401": [((q(label="''"),), (q("hidden", label="''"),))],
    "Q402": [
        ((q() + "\n" + q(name="again"),), (q() + "\n" + q(name="again", relevant="${new} = 1"),))
    ],
    "Q403": [
        (
            (q(label="{en: Have you met illegal  migrants?, ar: ه}"),),
            (q(label="{en: Have you met migrants in an illegal shop?, ar: ه}"),),
        ),
        ((q(label="{en: People, ar: هجرة غير شرعية}"),), (q(label="{en: Malaliens, ar: هجرة}"),)),
    ],
    "Q404": [
        (
            (q(label="{en: 'You said ${region}', ar: '${region}'}"),),
            (q(label="{en: 'You said ${age}', ar: '${age}'}"),),
        )
    ],
    "Q406": [((q(extra="{relevent: x}"),), (q(extra="{theme: x}"),))],
    "Q501": [((q(label="{en: New}"),), (q(hint="{en: Hint, ar: ت}"),))],
    "Q502": [((q(hint="{en: Hint}"),), (q(hint="{en: Hint, ar: ت}"),))],
    "Q503": [
        (
            (q(label="{en: 'You are ${age}?', ar: أنت}"),),
            (q(label="{en: 'You are ${age}?', ar: '${age} أنت'}"),),
        )
    ],
    "Q504": [
        (
            (q(label="{en: A <b>new</b> one, ar: جديد}"),),
            (q(label="{en: A <b>new</b> one, ar: <b>جديد</b>}"),),
        )
    ],
    "Q505": [
        (
            (q(media="{audio: {en: a.m4a}}") + "\n" + q(name="other", media=AUDIO),),
            (q(media=AUDIO) + "\n" + q(name="other", media=AUDIO),),
        ),
        ((q(media="{audio: {ar: a.m4a}}"),), (q(media="{audio: {en: a.m4a}}"),)),
    ],
    "Q506": [((q(media=AUDIO),), (q(media="{image: {en: a.png, ar: a.png}}"),))],
    "Q601": [
        ((q("text", "full_name"),), (q("text", "village_name"),)),
        (
            (q("text", label="{en: What is your telephone number?, ar: ه}"),),
            (q("text", privacy="identifier", name="phone_number"),),
        ),
        ((q("image"),), (q("image", privacy="identifier"),)),
        ((q("date", "date_of_birth"),), (q("integer", "year_of_birth"),)),
        (
            (q("text", label="{en: X, ar: ما رقم الهاتف؟}"),),
            (q("integer", label="{en: Cost of phone credit, ar: س}"),),
        ),
    ],
    "Q602": [((q("geopoint", privacy="plain"),), (q("geopoint", privacy="identifier"),))],
    "Q603": [((q(privacy="plain"),), (q(),))],
    "Q610": [((q("geopoint", privacy="quasi"),), (q("geopoint", privacy="identifier"),))],
    "Q611": [((q("text", "admin4"),), (q("text", "admin2"),))],
    "Q612": [
        (
            ("  - {name: sound, type: background-audio}",),
            ("  - {name: sound, type: background-audio, privacy: identifier}",),
        ),
        (
            ("  - {name: audit, type: audit, parameters: location-priority=balanced}",),
            ("  - {name: audit, type: audit}",),
        ),
    ],
    "Q701": [
        ((q(name="a" * 33),), (q(name="a" * 32),)),
        ((q("select_multiple sources", "a" * 28),), (q("select_multiple sources", "a" * 20),)),
    ],
    "Q702": [
        ((q(name="NEW") + "\n" + q(name="new"),), (q(name="new"),)),
        (
            (q(name="a" * 32 + "b") + "\n" + q(name="a" * 32 + "c"),),
            (q(name="a" * 31 + "b") + "\n" + q(name="a" * 31 + "c"),),
        ),
    ],
    "Q703": [((q(name="by"),), (q(name="byes"),)), ((q(name="str3"),), (q(name="street"),))],
    "Q704": [((q(name="a-b"),), (q(name="a_b"),))],
    "Q705": [
        ((q(label="{en: " + "a" * 81 + ", ar: ج}"),), (q(label="{en: " + "a" * 80 + ", ar: ج}"),))
    ],
    "Q802": [((q(appearance="analog-scale"),), (q(appearance="minimal"),))],
    "Q803": [((q(appearance="w2"),), (q(appearance="columns-2"),))],
    "Q811": [((q(extra="{trigger: '${age}, ${region}'}"),), (q(extra="{trigger: '${age}'}"),))],
    "Q812": [
        (
            (q("range", parameters="start=0 end=9 tick_interval=3"),),
            (q("range", parameters="start=0 end=9"),),
        )
    ],
    "Q813": [((q("geotrace", parameters="incremental=true"),), (q("geotrace"),))],
    "Q817": [((q(appearance="ex:org.app"),), (q(appearance="example"),))],
    "Q818": [(("  - {name: audit, type: audit}",), (q(),))],
    "Q819": [((q(name="NEW") + "\n" + q(),), (q() + "\n" + q(name="newer"),))],
    "Q820": [(("  - {group: empty, questions: []}",), (group(q()),))],
    "Q824": [((q(extra="{autoplay: audio}"),), (q(),))],
    "Q825": [((q("audio"),), (q("image"),))],
    "Q826": [((q("image", appearance="signature"),), (q("image"),))],
    "Q827": [((q("barcode"),), (q("text"),))],
    "Q828": [(("  - {name: sound, type: background-audio}",), (q("audio"),))],
    "Q829": [(("  - {name: deviceid, type: deviceid}",), ("  - {name: start, type: start}",))],
    "Q830": [((q("date", appearance="ethiopian"),), (q("date", appearance="month-year"),))],
    "Q832": [((q(extra="{'guidance_hint::English (en)': Do}"),), (q(hint="{en: Do, ar: ا}"),))],
    "Q833": [((q(appearance="printer:org.app"),), (q(appearance="print"),))],
}
CASES = [
    pytest.param(code, speaks, silent, id=f"{code}-{at}")
    for code, pairs in TABLE.items()
    for at, (speaks, silent) in enumerate(pairs)
]
MORE_OF_ITS_OWN = {
    *("Q001", "Q002", "Q003", "Q004"),
    *("Q507", "Q508", "Q509", "Q510", "Q511"),
    *("Q801", "Q814", "Q816", "Q821", "Q822", "Q823", "Q831"),
    *("Q901", "Q902", "Q903"),
}
"""Rules that look at more than questions and lists: tested in test_review.py and others."""


@pytest.mark.parametrize(("code", "speaks", "silent"), CASES)
def test_a_rule_speaks_where_it_should_and_only_there(found, written, code, speaks, silent):
    profile = rules()[code].profile
    profiles = (profile,) if profile else ()

    before = set(found(written(), code, profiles=profiles))

    def about_new(parts):
        added, *lists = parts
        text = written(added, lists="\n".join(lists))
        return set(found(text, code, profiles=profiles)) - before

    assert about_new(speaks)
    assert not about_new(silent)


def test_every_rule_has_a_case():
    assert set(rules()) == set(TABLE) | MORE_OF_ITS_OWN


def test_codes_names_and_remedies_are_in_order():
    for code, rule in rules().items():
        assert code[0] == "Q"
        assert code[1:].isdigit()
        assert rule.name == rule.name.lower()
        assert not rule.remedy.endswith(".")
        assert rule.why.endswith(".")
        assert (rule.profile is not None) is code.startswith("Q8")


def test_the_page_on_checking_shows_every_rule_as_it_is(root):
    page = (root / "docs" / "check.md").read_text(encoding="utf-8")

    assert table_of_rules(rules()) in page
