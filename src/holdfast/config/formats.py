"""The export layouts an import may recognise; special ones stand before the ones that guess."""

IMPORT_FORMATS = (
    "holdfast.connectors.shopify.orders.FORMAT",
    "holdfast.connectors.woocommerce.orders.ITEM_ROWS",
    "holdfast.connectors.woocommerce.orders.ADVANCED",
    "holdfast.connectors.amazon.orders.FORMAT",
    "holdfast.connectors.shopify.products.FORMAT",
    "holdfast.connectors.shopify.products.CUSTOMERS",
    "holdfast.connectors.woocommerce.orders.PRODUCTS",
    "holdfast.connectors.tabular.formats.ORDERS",
    "holdfast.connectors.tabular.formats.PRODUCTS",
    "holdfast.connectors.tabular.formats.CUSTOMERS",
    "holdfast.connectors.tabular.formats.SUPPLIERS",
    "holdfast.connectors.tabular.formats.CONSIGNEES",
    "holdfast.connectors.tabular.formats.RECEIPTS",
    "holdfast.connectors.tabular.formats.STOCK",
    "holdfast.connectors.tabular.formats.INSPECTIONS",
    "holdfast.connectors.tabular.formats.TESTS",
    "holdfast.connectors.saferproducts.reports.FORMAT",
    "holdfast.connectors.openfda.reports.MAUDE",
    "holdfast.connectors.amazon.returns.RETURNS",
    "holdfast.connectors.amazon.returns.REVIEWS",
    "holdfast.connectors.tabular.complaints.COMPLAINTS",
)

# Kinds of files whose rows a room above `supply` keeps.
IMPORT_KEEPERS: dict[str, str] = {
    "inspections": "holdfast.decision.intake.importing.InspectionKeeper",
    "tests": "holdfast.decision.intake.importing.TestResultKeeper",
    "complaints": "holdfast.decision.intake.actions.ComplaintFile",
}
