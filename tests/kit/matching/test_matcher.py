"""Each answer says why; nothing is called safe; the order of recalls changes no answer."""

from dataclasses import replace

from holdfast.kit.matching import ANSWERS, Catalogue, Match, Record, Rivals, match_all, match_one

SHOP = [
    Record("ramen", "Jade pearl rice ramen", "Lotus Foods", codes="708953602028"),
    Record("oysters", "Smoked oysters, petite", "Reese", codes="070670005759"),
    Record("oysters-8", "Smoked oysters, petite", "Reese", codes="870670005755"),
    Record("rope", "Ripstop rope 30 m", "Carlsen"),
    Record("record", "Sony turntable PS-LX350H", "Sony"),
    Record("camera", "Sony DSC-W120 digital camera pink"),
    Record("case", "Leather camera case for compact cameras", "Lowepro"),
    Record("marked", "Heater", "Warmo", rest="sold as B00HKIBDYC"),
]


def asked(title: str, brand: str = "", codes: str = "", rest: str = "") -> dict[str, Match]:
    found = match_one(Record("r", title, brand, "", rest, codes), Catalogue(SHOP))
    return {match.right: match for match in found}


def test_a_common_code_stops_the_sale_whatever_the_words_say() -> None:
    found = asked("Noodles", rest="UPC# 7 08953 60202 8")
    assert found["ramen"].answer == "suppress"
    assert "708953602028" in found["ramen"].reason
    assert set(found) == {"ramen"}


def test_a_upc_without_its_ends_decides_only_where_one_product_has_it() -> None:
    found = asked("Oysters", rest="UPC 70670-00575")
    assert {found[name].answer for name in ("oysters", "oysters-8")} == {"review"}
    assert "other products" in found["oysters"].reason


def test_a_case_of_the_item_is_looked_at() -> None:
    found = asked("Noodles", rest="case UPC 1 0708953 60202 5")
    assert found["ramen"].answer == "review"


def test_a_marketplace_code_is_a_code() -> None:
    assert asked("Some heater", rest="ASIN B00HKIBDYC")["marked"].answer == "suppress"


def test_model_and_brand_stop_the_sale_however_the_model_is_written() -> None:
    found = asked("Turntable PSLX350H", "Sony")
    assert found["record"].answer == "suppress"
    assert "pslx350h" in found["record"].reason


def test_a_blank_in_a_model_number_parts_nothing() -> None:
    assert asked("Turntable PSLX 350H", "Sony")["record"].answer == "suppress"
    spaced = Catalogue([Record("tv", "Sony KDL 46XBR9 television"), *SHOP])
    found = match_one(Record("r", "Sony KDL46XBR9 sets and stands, black"), spaced)
    assert found[0].right == "tv"


def test_words_alone_are_looked_at_by_a_person() -> None:
    found = asked("Carlsen ripstop rope")
    assert found["rope"].answer == "review"
    assert "ripstop" in found["rope"].reason


def test_where_both_name_codes_and_none_is_common_similar_words_are_not_enough() -> None:
    assert asked("Jade pearl noodles", "Lotus", codes="074823000219") == {}
    assert "ramen" in asked("Jade pearl noodles", "Lotus")


def test_nothing_common_is_no_visible_match_and_there_is_no_word_for_safe() -> None:
    matches = match_all([Record("x", "Garden hose")], Catalogue(SHOP))
    assert (matches.found, matches.unseen) == ([], ["x"])
    assert ANSWERS == ("suppress", "review", "no visible match")


def test_one_recall_may_mean_several_products_and_several_recalls_one() -> None:
    twins = Catalogue([Record("a", "Acme heater HX4000 white"), Record("b", "Acme heater HX4000")])
    recalls = [Record("1", "Acme HX4000 heater"), Record("2", "Acme heater, model HX4000")]
    pairs = {(match.left, match.right) for match in match_all(recalls, twins).found}
    assert pairs == {("1", "a"), ("1", "b"), ("2", "a"), ("2", "b")}


def words_only(recalls: list[Record], shop: list[Record]) -> set[tuple[str, str]]:
    return {(match.left, match.right) for match in match_all(recalls, Catalogue(shop)).found}


def test_rows_that_say_the_same_are_one_product_and_one_recall() -> None:
    """The likeness, 0.36, is enough only without a rival; a copy is none, on either side."""
    shop = [*SHOP, Record("tent", "Green tent with poles"), Record("pole", "Steel poles")]
    tents = "Tents with nets and bags and pegs of this year, one tent, boxed, signed"
    recall = Record("r", tents)
    assert words_only([recall], shop) == {("r", "tent")}
    copies = [replace(shop[-2], id=f"tent {n}") for n in range(30)]
    found = words_only([recall], [*shop, *copies])
    assert found == {("r", "tent"), *(("r", one.id) for one in copies)}
    twice = words_only([recall, recall, replace(recall, id="s")], shop)
    assert twice == {("r", "tent"), ("s", "tent")}
    catalogue = Catalogue(shop)
    rivals = match_all([recall], catalogue).rivals
    assert [one.right for one in match_one(replace(recall, id="s"), catalogue, rivals)] == ["tent"]


def test_a_upc_without_its_ends_decides_where_one_product_stands_twice() -> None:
    shop = Catalogue([SHOP[1], replace(SHOP[1], id="again"), SHOP[3]])
    assert (len(shop), shop.every_id) == (3, {"oysters", "again", "rope"})
    found = match_one(Record("r", "Oysters", rest="UPC 70670-00575"), shop)
    assert {(one.right, one.answer) for one in found} == {
        ("oysters", "suppress"),
        ("again", "suppress"),
    }


def test_the_order_of_recalls_changes_no_answer() -> None:
    recalls = [Record("1", "Sony camera DSCW120"), Record("2", "Sony cameras"), Record("3", "rope")]
    shop = Catalogue(SHOP)
    forth, back = match_all(recalls, shop), match_all(recalls[::-1], shop)
    assert sorted(map(repr, forth.found)) == sorted(map(repr, back.found))


def test_a_recall_asked_alone_answers_as_in_the_crowd_when_the_rivals_are_kept() -> None:
    recalls = [Record("1", "Sony camera DSCW120"), Record("2", "Sony pink digital camera")]
    shop = Catalogue(SHOP)
    crowd = match_all(recalls, shop)
    rivals = Rivals.none(len(shop))
    match_one(recalls[0], shop, rivals)
    last = match_one(recalls[1], shop, rivals)
    assert last == [match for match in crowd.found if match.left == "2"]


def test_an_empty_catalogue_and_an_empty_recall_match_nothing() -> None:
    assert match_one(Record("r", "Heater", codes="708953602028"), Catalogue([])) == []
    assert match_one(Record("r"), Catalogue(SHOP)) == []
