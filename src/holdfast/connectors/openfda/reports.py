"""Reports about medical devices (MAUDE), one a row, under the names openFDA gives their fields."""

from __future__ import annotations

from holdfast.supply.imports.formats import Format

MAUDE = Format(
    name="maude",
    kind="complaints",
    words="FDA device reports (MAUDE)",
    how="A table of device reports with report_number, event_type and date_received.",
    signatures=(frozenset({"reportnumber", "eventtype", "datereceived"}),),
    columns={
        "source_id": ("report_number",),
        "harm": ("event_type",),
        "text": ("foi_text", "text"),
        "received_at": ("date_received",),
        "happened_at": ("date_of_event",),
        "product_name": ("device_name", "generic_name"),
        "brand": ("brand_name",),
        "model": ("model_number",),
        "maker": ("manufacturer_d_name",),
        "lot": ("lot_number",),
        "serial": ("serial_number",),
        "category": ("medical_specialty_description",),
    },
    values={"goods": "products", "kind": "complaint"},
)
