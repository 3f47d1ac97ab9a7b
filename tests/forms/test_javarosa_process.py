"""The Java process and its jar, as far as they can be judged without Java; and with it."""

from __future__ import annotations

from datetime import datetime

import pytest

from survey_kit.errors import DefinitionError, UsageError
from survey_kit.forms.javarosa import JavaFault, JavaRosa, Respondent, java, process
from survey_kit.forms.javarosa.client import with_moment
from survey_kit.forms.javarosa.make import jar_hash, source_hash

MOMENT = datetime(2026, 11, 21, 9, 30)  # noqa: DTZ001 - without a zone, as a user writes it


def test_the_jar_was_made_from_the_source_beside_it():
    assert jar_hash() == source_hash(), "run python -m survey_kit.forms.javarosa.make"


def test_without_java_one_is_told_to_install_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(process.shutil, "which", lambda _: None)

    with pytest.raises(UsageError) as caught:
        JavaRosa()

    assert str(caught.value) == (
        "JavaRosa: Java 8 or newer is not installed, and without it no form can be tried on the "
        "engine of the phones. Install a Java runtime, such as OpenJDK."
    )


def test_a_moment_is_written_into_the_form_in_place_of_the_clock():
    xml = '<bind calculate="today( )"/><bind calculate="my-today() + once(now()) + jr:now()"/>'

    assert with_moment(xml, MOMENT) == (
        '<bind calculate="date(\'2026-11-21\')"/><bind calculate="my-today() + '
        "once(date-time('2026-11-21T09:30:00.000Z')) + jr:now()\"/>"
    )


FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms"><h:head>
<h:title>t</h:title><model><instance><data id="t"><n/><day/><house><person jr:template=""><age/><old/>
</person></house><town/><orx:meta><orx:instanceID/></orx:meta></data></instance>
<instance id="towns"><root><item><name>a</name><label>A</label><of>1</of></item>
<item><name>b</name><label>B</label><of>2</of></item></root></instance>
<bind nodeset="/data/n" type="int" required="true()" constraint=". &lt; 5"/>
<bind nodeset="/data/day" type="date" calculate="today()"/>
<bind nodeset="/data/house/person/age" type="int" relevant="/data/n &gt; 1"/>
<bind nodeset="/data/house/person/old" type="string" calculate="../age * 2"/>
<bind nodeset="/data/town" type="string"/>
<bind nodeset="/data/orx:meta/orx:instanceID" type="string" jr:preload="uid"/></model></h:head>
<h:body><input ref="/data/n"><label>How many?</label></input><group ref="/data/house"><label/>
<repeat nodeset="/data/house/person"><input ref="/data/house/person/age"><label>Age</label></input>
</repeat></group><select1 ref="/data/town"><label>Town</label>
<itemset nodeset="instance('towns')/root/item[of = /data/n]"><value ref="name"/><label ref="label"/>
</itemset></select1></h:body></h:html>"""


@pytest.fixture(scope="module")
def javarosa():
    if java() is None:
        pytest.skip("Java is not here")
    with JavaRosa() as running:
        yield running


@pytest.mark.client
def test_javarosa_says_of_every_node_what_the_phone_makes_of_it(javarosa: JavaRosa):
    form = javarosa.load(FORM, moment=MOMENT)

    form.begin(instance_id="uuid:1")
    verdicts = form.enter(
        [
            ("/data/house/person[2]/age", "3"),
            ("/data/n", "7"),
            ("/data/n", ""),
            ("/data/n", "2"),
            ("/data/house/person[2]/age", "30"),
            ("/data/town", "a"),
            ("/data/town", "b"),
        ]
    )
    said = {node.path: node for node in form.report(labels=True)}
    finished = form.finish()

    assert verdicts == ("not asked", "refused", "required", "ok", "ok", "not offered", "ok")
    assert said["/data/n"].constraint is True
    assert said["/data/n"].label == "How many?"
    assert said["/data/day"].value == "2026-11-21"
    assert said["/data/house/person[2]/old"].value == "60"
    assert said["/data/town"].choices == ["b"]
    assert (finished.stopped, finished.why) == (None, None)
    assert "<age>30</age>" in finished.xml
    assert "uuid:1" in finished.xml


@pytest.mark.client
def test_an_interview_leaves_nothing_to_the_next(javarosa: JavaRosa):
    form = javarosa.load(FORM, moment=MOMENT)
    form.begin()
    untouched = form.report()
    form.put([("/data/n", "4"), ("/data/house/person[3]/age", "9")])

    form.begin()

    assert form.report() == untouched


@pytest.mark.client
def test_the_same_seed_walks_the_same_way(javarosa: JavaRosa):
    form = javarosa.load(FORM, moment=MOMENT)

    once = list(form.walk(40, Respondent(seed=7), nodes=True, moment=MOMENT))
    again = list(form.walk(40, Respondent(seed=7), nodes=True, moment=MOMENT))
    other = list(form.walk(40, Respondent(seed=8), nodes=True, moment=MOMENT))

    assert once == again != other
    assert all(
        int(node.value) < 5 for walk in once for node in walk.nodes if node.path == "/data/n"
    )


@pytest.mark.client
def test_expressions_constraints_and_choices_can_be_asked_one_by_one(javarosa: JavaRosa):
    form = javarosa.load(FORM)
    form.begin()
    form.put([("/data/n", "1")])

    assert form.evaluate("/data/n", "/data/n + 1") == ("number", "2.0")
    assert form.holds("/data/n", "4")
    assert not form.holds("/data/n", "5")
    assert form.offered("/data/town") == ["a"]


@pytest.mark.client
def test_what_javarosa_refuses_is_said_and_the_process_lives_on(javarosa: JavaRosa):
    with pytest.raises(DefinitionError, match="JavaRosa does not take it"):
        javarosa.load("<html/>")

    form = javarosa.load(FORM)
    form.begin()
    with pytest.raises(JavaFault, match="no place /data/nowhere in this form"):
        form.put([("/data/nowhere", "1")])

    assert form.enter([("/data/n", "1")]) == ("ok",)


@pytest.mark.client
def test_a_question_can_run_out_of_time():
    if java() is None:
        pytest.skip("Java is not here")
    with JavaRosa(seconds=0.001) as hurried, pytest.raises(UsageError) as caught:
        hurried.load(FORM)

    assert "it gave no answer within 0.001 seconds" in str(caught.value)
