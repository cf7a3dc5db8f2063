"""What is due follows from the facts: a machine whose clock was set back delays nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.regimes.clock_facts import STARTS, ClockFact
from holdfast.kit.regimes.duties import Duties, Question, duties
from holdfast.kit.regimes.places import category, place

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def ask(facts: tuple[ClockFact, ...], now: datetime) -> Duties:
    question = Question(
        sold_in=tuple(place(code) for code in ("DE", "US", "JP", "BR")),
        categories=(category("toys"),),
        roles={"": frozenset(["importer"])},
        facts=facts,
    )
    return duties(question, now=now)


@given(
    st.lists(
        st.builds(
            ClockFact,
            st.sampled_from(list(STARTS)),
            st.datetimes(datetime(2026, 1, 1), NOW.replace(tzinfo=None), timezones=st.just(UTC)),
        ),
        min_size=1,
        max_size=4,
    ).map(tuple),
    st.timedeltas(timedelta(0), timedelta(days=400)),
)
def test_a_clock_set_back_moves_no_end(facts: tuple[ClockFact, ...], back: timedelta) -> None:
    before, after = ask(facts, NOW), ask(facts, NOW - back)
    assert after.duties == before.duties
    assert after.gaps == before.gaps


def test_a_fact_that_the_clock_set_back_puts_into_the_future_is_asked_about() -> None:
    facts = (ClockFact("reportable_information", NOW - timedelta(minutes=10)),)
    assert ask(facts, NOW).doubts == ()
    assert "lies in the future" in ask(facts, NOW - timedelta(hours=1)).doubts[0]


def test_the_hour_that_the_wall_clock_shows_twice_is_told_apart_by_its_offset() -> None:
    first = ClockFact("reportable_information", datetime.fromisoformat("2026-11-01T01:30-04:00"))
    again = ClockFact("reportable_information", datetime.fromisoformat("2026-11-01T01:30-05:00"))
    early = next(one for one in ask((first,), NOW).duties if one.due_at)
    late = next(one for one in ask((again, first), NOW).duties if one.due_at)
    assert early.due_at == late.due_at  # the earlier of the two starts the clock
