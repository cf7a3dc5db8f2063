"""A drill from outside: a copy in its own home, the same commands, and no way out."""

import json
import socket
import subprocess
import sys
import textwrap
import urllib.request
from pathlib import Path

import pytest

from tests.plugins.instance import instances

pytestmark = pytest.mark.xdist_group("drill")

ORDERS = """order,product,quantity,customer,email,ordered_at,country,lot,price,currency
LV-1,VL-10K,2,c1,a@example.org,2026-03-01,DE,B17,39.00,EUR
LV-2,VL-10K,1,c2,,2026-03-02,DE,B17,39.00,EUR
LV-3,VL-10K,1,c3,c@example.org,2026-03-02,FR,B18,39.00,EUR
"""
RECEIPTS = """lot,sku,site,received_at,quantity
B17,VL-10K,main,2026-02-20,500
B18,VL-10K,main,2026-02-25,500
"""
ESCAPES = """
    import os, socket, subprocess, sys
    os.environ["DJANGO_SETTINGS_MODULE"] = "holdfast.config.settings"
    import django
    django.setup()
    from django.conf import settings
    from django.utils.module_loading import import_string
    assert settings.DRILL
    assert import_string(settings.CHANNELS) == {}

    def tcp():
        socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2).sendall(b"leak")

    def raw():
        made = socket.socket()
        made.connect(("127.0.0.1", int(sys.argv[1])))

    def datagram():
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"leak", ("127.0.0.1", 9))

    def name():
        socket.getaddrinfo("example.org", 25)

    def web():
        import urllib.request
        urllib.request.urlopen("http://127.0.0.1:%s/" % sys.argv[1], timeout=2)

    def mail():
        import smtplib
        smtplib.SMTP("127.0.0.1", int(sys.argv[1]))

    def adapter():
        import holdfast.connectors.smtp.carrier

    def probe():
        from holdfast.connectors.web.probe import probe

        here = "http://127.0.0.1:%s" % sys.argv[1]
        fetched = probe(here + "/", here)
        if not fetched.status:
            raise OSError(fetched.why)

    for escape in (tcp, raw, datagram, name, web, mail, adapter, probe):
        try:
            escape()
        except (OSError, ImportError):
            continue
        print("LEAK", escape.__name__)
    print("walled")
"""


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory, postgres_server: str | None):
    """A small company with one drill begun, on the database of the lane."""
    folder = tmp_path_factory.mktemp("drill")
    with instances(folder, postgres_server) as make:
        company = make()
        for name, text in (("orders", ORDERS), ("receipts", RECEIPTS)):
            file = folder / f"{name}.csv"
            file.write_text(text)
            company.run("import", name, file)
        yield company, company.json("drill", "start", "--scenario", "lot")


def test_a_drill_is_a_copy_and_the_real_instance_learns_only_that_it_began(drill) -> None:
    company, started = drill
    home = Path(started["home"])
    assert home.parent == company.home / "drills"
    assert json.loads((home / "DRILL").read_text())["ref"] == started["drill"]
    real = company.json("doctor")["tables"]
    copy = company.json("doctor", "--home", home)["tables"]
    assert real["recalls_recall"] == 0
    assert copy["recalls_recall"] == 1
    for table in ("orders_orderline", "orders_customer", "traceability_receipt", "catalog_product"):
        assert copy[table] == real[table] > 0, table


def test_the_copy_keeps_the_journal_and_goes_on_from_there(drill) -> None:
    company, started = drill
    copy = company.json("doctor", "--home", started["home"])
    assert copy["drill"] is True
    assert copy["journal"]["entries"] > 3


def test_the_same_commands_run_in_it_and_the_score_names_the_gaps(drill) -> None:
    company, started = drill
    home, ref = started["home"], started["recall"]
    company.run("recall", "scope", ref, "--product", "VL-10K", "--confirm", "--home", home)
    found = company.json("drill", "score", "--home", home, expect=1)
    assert found["stages"]["units"]["seconds"] is not None
    assert found["units_traced"] == 1
    assert "1 of 3 people have no working channel." in found["gaps"]
    # A recall opened by hand inside the copy is not the one the score is about.
    company.run("recall", "open", "--product", "VL-10K", "--outcome", "fire", "--home", home)
    assert company.json("drill", "score", "--home", home, expect=1)["units_traced"] == 1
    again = company.json("drill", "begin", "--home", home, expect=3)["error"]
    assert (again["code"], ref in again["message"]) == ("drill_begun", True)
    ended = company.json("drill", "end", started["drill"])
    assert ended["gaps"] == found["gaps"]
    assert company.json("drill", "list")["drills"][0]["ended_at"]
    assert company.json("doctor")["tables"]["recalls_recall"] == 0


def test_a_drill_process_cannot_open_any_outbound_socket(drill, tmp_path: Path) -> None:
    company, started = drill
    script = tmp_path / "escapes.py"
    script.write_text(textwrap.dedent(ESCAPES))
    with socket.socket() as trap:
        trap.bind(("127.0.0.1", 0))
        trap.listen(8)
        trap.settimeout(0.2)
        ran = subprocess.run(
            [sys.executable, str(script), str(trap.getsockname()[1])],
            env={**company.env, "HOLDFAST_HOME": started["home"]},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.stdout.split() == ["walled"], ran.stdout + ran.stderr
        with pytest.raises(TimeoutError):
            trap.accept()


def test_sending_from_a_drill_is_refused(drill) -> None:
    company, started = drill
    refused = company.json(
        "recall", "notify", started["recall"], "--send", "--waive", "instance=it is one",
        "--home", started["home"], expect=3, HOLDFAST_SMTP_URL="smtp://127.0.0.1:9",
    )["error"]  # fmt: skip
    assert (refused["code"], refused["hint"]) == ("drill", "")


def test_a_drill_never_starts_inside_a_drill(drill) -> None:
    company, started = drill
    refused = company.json("drill", "start", "--home", started["home"], expect=3)
    assert refused["error"]["code"] == "drill_in_drill"


def test_every_page_of_a_drill_says_drill(drill) -> None:
    company, started = drill
    serving = company.serve("serve", "--home", started["home"])
    try:
        for path in ("/recall", "/check", "/", "/recalls/"):
            with urllib.request.urlopen(serving.url + path, timeout=30) as answer:
                page = answer.read().decode()
            assert "DRILL" in page or 'class="drill"' in page, path
    finally:
        serving.stop()
