"""The certainty rules against a second, plain writing of the contract."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kit.trace.certainty import Contents, Judge, share
from holdfast.kit.trace.picking import Picking
from holdfast.kit.trace.values import END, Certainty, Shipped, Window
from holdfast.kit.trace.windows import WindowIndex
from tests.plugins.chance import examples

LOTS = ["B15", "B16", "B17", "B18"]
SKUS = ["VL-10K", "VL-20K"]
SITES = ["", "Lyon", "Gdańsk"]
TIMES = st.integers(0, 12)

windows = st.builds(
    Window,
    lot=st.sampled_from(LOTS),
    sku=st.sampled_from(SKUS),
    site=st.sampled_from(SITES),
    start=TIMES,
    end=st.one_of(TIMES, st.just(END)),
    quantity=st.one_of(st.none(), st.integers(0, 9)),
)


@st.composite
def shipped_lines(draw: st.DrawFn) -> list[Shipped]:
    count = draw(st.integers(0, 25))
    return [
        Shipped(
            key=key,
            sku=draw(st.sampled_from(SKUS)),
            site=draw(st.sampled_from(SITES)),
            lot=draw(st.sampled_from(["", "", "", *LOTS])),
            at=draw(st.one_of(st.none(), TIMES, TIMES, TIMES)),
            quantity=draw(st.integers(0, 5)),
        )
        for key in range(count)
    ]


def plain(line: Shipped, receipts: list[Window], affected: set[str]) -> Certainty:
    """The contract's cases 1 and 3 read aloud: every receipt looked at for every line."""
    if line.lot:
        return Certainty.CONFIRMED if line.lot in affected else Certainty.EXCLUDED
    candidates: dict[str, list[Window]] = {}
    for receipt in receipts:
        same_site = line.site == receipt.site or not line.site or not receipt.site
        if receipt.sku != line.sku or not same_site or line.at is None:
            continue
        if receipt.start <= line.at and line.at < receipt.end:
            candidates.setdefault(receipt.lot, []).append(receipt)
    if not candidates:
        of_sku = any(r.lot in affected and r.sku == line.sku for r in receipts)
        return Certainty.CANNOT_RULE_OUT if of_sku else Certainty.EXCLUDED
    hit = [lot for lot in candidates if lot in affected]
    if not hit:
        return Certainty.EXCLUDED
    if len(hit) == len(candidates):
        return Certainty.PROBABLE
    held = [r for rows in candidates.values() for r in rows]
    if all(r.quantity is not None for r in held) and sum(r.quantity or 0 for r in held) > 0:
        part = Fraction(
            int(sum(r.quantity or 0 for r in held if r.lot in affected)),
            int(sum(r.quantity or 0 for r in held)),
        )
    else:
        part = Fraction(len(hit), len(candidates))
    return Certainty.PROBABLE if part >= Fraction(1, 2) else Certainty.CANNOT_RULE_OUT


@settings(max_examples=examples(200))
@given(st.lists(windows, max_size=10), shipped_lines(), st.sets(st.sampled_from(LOTS)))
def test_every_line_gets_the_certainty_of_the_plain_reading(receipts, lines, affected):
    judge = Judge(WindowIndex(receipts), affected)
    for line in lines:
        assert judge.judge(line).certainty == plain(line, receipts, affected), line


@settings(max_examples=examples(150))
@given(st.lists(windows, max_size=10), shipped_lines(), st.sets(st.sampled_from(LOTS)))
def test_the_picking_order_moves_lines_only_between_probable_and_cannot_rule_out(
    receipts, lines, affected
):
    index = WindowIndex(receipts)

    def outflow(sku: str, site: str) -> list[Shipped]:
        return [x for x in lines if x.sku == sku and (not site or x.site == site)]

    better = Judge(index, affected, better=Picking(index, affected, outflow))
    between = {Certainty.PROBABLE, Certainty.CANNOT_RULE_OUT}
    for line in lines:
        want, verdict = plain(line, receipts, affected), better.judge(line)
        if want in between:
            assert verdict.certainty in between
        else:
            assert verdict.certainty == want
        if verdict.basis == "picking":
            assert 0 <= (verdict.probability or 0) <= 1
            open_ended = [r for r in receipts if r.sku == line.sku and r.end == END]
            assert open_ended, "a queue whose windows are all closed keeps the plain share"


def test_a_window_is_half_open():
    judge = Judge(WindowIndex([Window("B17", "X", "Lyon", 10, 20)]), {"B17"})
    at = [judge.judge(Shipped(1, "X", "Lyon", at=t)).rule for t in (9, 10, 19, 20)]
    assert at == ["no_record", "window_all", "window_all", "no_record"]


def test_an_empty_end_is_open_for_ever():
    judge = Judge(WindowIndex([Window("B17", "X", "Lyon", 10)]), {"B17"})
    assert judge.judge(Shipped(1, "X", "Lyon", at=10**15)).certainty == Certainty.PROBABLE


def test_a_share_of_exactly_one_half_is_probable():
    judge = Judge(
        WindowIndex([Window("B16", "X", quantity=5), Window("B17", "X", quantity=5)]), {"B17"}
    )
    verdict = judge.judge(Shipped(1, "X", at=0))
    assert (verdict.certainty, verdict.probability) == (Certainty.PROBABLE, 0.5)


def test_the_share_goes_by_count_as_soon_as_one_quantity_is_unknown():
    assert share({"A": 9, "B": None, "C": 1}, {"A"}) == (Fraction(1, 3), "count")
    assert share({"A": Decimal("9"), "C": 1}, {"A"}) == (Fraction(9, 10), "quantity")
    assert share({"A": 0, "C": 0}, {"A"}) == (Fraction(1, 2), "count")


def test_a_container_comes_before_the_windows_and_the_lot_before_the_container():
    inside = {"P1": {"B17": 3, "B18": 1}, "P2": {"B17": None}, "P3": {"B18": None}, "P4": {}}
    judge = Judge(
        WindowIndex([Window("B18", "X", "Lyon", 0)]),
        {"B17"},
        inside=lambda container, at, sku: Contents(inside[container]),
    )
    verdicts = [
        judge.judge(Shipped(i, "X", "Lyon", container=c, at=5)).rule for i, c in enumerate(inside)
    ]
    assert verdicts == ["container_some", "container_all", "container_none", "window_none"]
    named = judge.judge(Shipped(9, "X", "Lyon", lot="B18", container="P2", at=5))
    assert named.certainty == Certainty.EXCLUDED


def test_a_lot_of_which_nobody_says_where_or_when_it_lay_is_no_alibi_for_another():
    windows = [Window("B17", "X", "Lyon", 0, 3), Window("B18", "X")]
    line = Shipped(1, "X", "Lyon", at=5)
    assert Judge(WindowIndex(windows), {"B17"}).judge(line).rule == "no_record"
    assert Judge(WindowIndex(windows), {"B18"}).judge(line).rule == "window_all"
    windows.append(Window("B19", "X", "Lyon", 4))
    assert Judge(WindowIndex(windows), {"B17"}).judge(line).rule == "window_none"


def test_no_record_is_no_alibi_for_a_lot_that_a_person_named_with_its_product():
    judge = Judge(WindowIndex([]), {"B17"}, declared={"X"})
    assert judge.judge(Shipped(1, "X", at=5)).certainty == Certainty.CANNOT_RULE_OUT
    assert judge.judge(Shipped(2, "Y", at=5)).certainty == Certainty.EXCLUDED
