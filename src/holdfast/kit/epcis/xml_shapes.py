"""EPCIS XML, versions 1 and 2: the shapes of documents, query results and the event types.

Version 2 is the published XSD read into tables. Version 1 nests what came later in `extension`
and `baseExtension` elements, as its standard says; AssociationEvent, which is younger, is read
from the second extension where GS1's own converter puts it.
"""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kit.epcis import words
from holdfast.kit.epcis import xml_models as m
from holdfast.kit.epcis.xml_models import LOCAL_EXTENSION, OTHER, Attribute, Model, Part

URI = m.simple(m.any_uri)
TEXT = m.simple(m.any_text)
STAMP = m.simple(m.stamp)
ACTION = m.simple(m.action)
SBDH = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"


def _uris(*names: str) -> dict[str, Attribute]:
    return dict.fromkeys(names, Attribute(m.any_uri))


def _doubles(*names: str) -> dict[str, Attribute]:
    return dict.fromkeys(names, Attribute(m.double))


EPCS = Model("EPCs", (m.some("epc", TEXT),))
QUANTITY = Model(
    "quantityElement",
    (
        m.one("epcClass", URI),
        m.maybe("quantity", m.simple(m.decimal, nillable=True)),
        m.maybe("uom", TEXT),
    ),
    only_after={"uom": "quantity"},
)
QUANTITIES = Model("quantities", (m.some("quantityElement", QUANTITY),))
PLACE = Model("place", (m.one("id", URI), LOCAL_EXTENSION, OTHER))
ILMD = Model("ilmd", (LOCAL_EXTENSION, OTHER), open_attributes=True)
METADATA = Model(
    "sensorMetadata",
    text=m.any_text,
    attributes={
        **dict.fromkeys(("time", "startTime", "endTime"), Attribute(m.stamp)),
        **_uris("deviceID", "deviceMetadata", "rawData", "bizRules", "dataProcessingMethod"),
    },
    open_attributes=True,
)
REPORT = Model(
    "sensorReport",
    text=m.any_text,
    attributes={
        **_uris(
            *(
                "type component uriValue chemicalSubstance microorganism deviceID deviceMetadata "
                "rawData dataProcessingMethod coordinateReferenceSystem exception"
            ).split()
        ),
        **_doubles(*"value minValue maxValue sDev meanValue percRank percValue".split()),
        "stringValue": Attribute(m.any_text),
        "uom": Attribute(m.any_text),
        "booleanValue": Attribute(m.boolean),
        "hexBinaryValue": Attribute(m.hex_binary),
        "time": Attribute(m.stamp),
    },
    open_attributes=True,
)
ID_LIST = Model("children", (m.some("id", URI),), open_attributes=True)
MASTER_ATTRIBUTE = Model(
    "attribute",
    text=m.any_text,
    mixed=True,
    attributes={"id": Attribute(m.any_uri, needed=True)},
    open_attributes=True,
)
MASTER_ELEMENT = Model(
    "VocabularyElement",
    (
        m.some("attribute", MASTER_ATTRIBUTE),
        m.maybe("children", ID_LIST),
        LOCAL_EXTENSION,
        OTHER,
    ),
    attributes={"id": Attribute(m.any_uri, needed=True)},
    open_attributes=True,
)
VOCABULARY = Model(
    "Vocabulary",
    (
        m.maybe(
            "VocabularyElementList",
            Model("list", (m.some("VocabularyElement", MASTER_ELEMENT, 1),)),
        ),
        LOCAL_EXTENSION,
        OTHER,
    ),
    attributes={"type": Attribute(m.any_uri, needed=True)},
    open_attributes=True,
)
VOCABULARIES = Model("VocabularyList", (m.some("Vocabulary", VOCABULARY),))
MASTER = Model(
    "EPCISMasterData",
    (m.one("VocabularyList", VOCABULARIES), m.maybe("extension", m.CLOSED_LOCALS)),
)
HEADER_EXTENSION = Model(
    "extension", (m.maybe("EPCISMasterData", MASTER), LOCAL_EXTENSION), open_attributes=True
)
PARTNER = Model(
    "Partner",
    (
        m.one(
            "Identifier",
            Model("id", text=m.any_text, attributes={"Authority": Attribute(m.any_text)}),
        ),
        m.some(
            "ContactInformation",
            Model(
                "contact",
                (
                    m.one("Contact", TEXT),
                    m.maybe("EmailAddress", TEXT),
                    m.maybe("FaxNumber", TEXT),
                    m.maybe("TelephoneNumber", TEXT),
                    m.maybe("ContactTypeIdentifier", TEXT),
                ),
            ),
        ),
    ),
)
VERSION_TIMES = {
    "schemaVersion": Attribute(m.decimal, needed=True),
    "creationDate": Attribute(m.document_time, needed=True),
}


@dataclass(frozen=True)
class Shapes:
    """The shapes of one version: event models by name, and the list that holds them."""

    events: dict[str, Model]
    event_list: Model
    document: Model
    query: Model
    results: Model
    master: Model


def _shapes(*, old: bool) -> Shapes:
    def word(vocabulary: words.Vocabulary) -> Model:
        return m.simple(m.cbv(vocabulary, old=old))

    disposition = word(words.DISPOSITION)
    step = [m.maybe("bizStep", word(words.BIZ_STEP)), m.maybe("disposition", disposition)]
    places = [m.maybe("readPoint", PLACE), m.maybe("bizLocation", PLACE)]

    def listed(name: str, item: str, vocabulary: words.Vocabulary, needed: bool) -> Part:
        typed = Model(
            item,
            text=m.any_uri,
            attributes={"type": Attribute(m.cbv(vocabulary, old=old), needed=needed)},
        )
        return m.maybe(name, Model(name, (m.some(item, typed, 1),)))

    transactions = listed("bizTransactionList", "bizTransaction", words.TRANSACTION, False)
    parties = [
        listed("sourceList", "source", words.PARTY, True),
        listed("destinationList", "destination", words.PARTY, True),
    ]
    element = Model(
        "sensorElement",
        (
            m.maybe("sensorMetadata", METADATA),
            # GS1's converter to version 1 writes this name with a capital D.
            *([m.maybe("sensorMetaData", METADATA)] if old else []),
            m.some("sensorReport", REPORT, 1),
            LOCAL_EXTENSION,
            OTHER,
        ),
    )
    sensors = m.maybe(
        "sensorElementList",
        Model("sensorElementList", (m.some("sensorElement", element, 1), LOCAL_EXTENSION)),
    )
    persistent = m.maybe(
        "persistentDisposition",
        Model("persistentDisposition", (m.some("unset", disposition), m.some("set", disposition))),
    )
    ilmd = m.maybe("ilmd", ILMD)
    error_parts = (
        m.one("declarationTime", STAMP) if old else m.some("declarationTime", STAMP),
        m.maybe("reason", word(words.ERROR)),
        m.maybe(
            "correctiveEventIDs",
            Model("correctiveEventIDs", (m.some("correctiveEventID", URI),)),
        ),
        LOCAL_EXTENSION,
        OTHER,
    )
    error = m.maybe(
        "errorDeclaration",
        Model("errorDeclaration", error_parts, open_attributes=True, choice=not old),
    )
    base: list[Part] = [
        m.one("eventTime", STAMP),
        m.maybe("recordTime", STAMP),
        m.one("eventTimeZoneOffset", TEXT),
    ]
    if old:
        inner = Model(
            "baseExtension",
            (m.maybe("eventID", URI), error, LOCAL_EXTENSION),
            open_attributes=True,
        )
        base.append(m.maybe("baseExtension", inner))
    else:
        base += [
            m.maybe("eventID", URI),
            error,
            m.maybe("certificationInfo", URI),
            m.maybe("baseExtension", m.OTHERS),
        ]

    def event(name: str, *parts: Part, tail: list[Part]) -> Model:
        return Model(name, (*base, *parts, *tail, OTHER), open_attributes=True)

    def nested(*parts: Part) -> list[Part]:
        model = Model("extension", (*parts, LOCAL_EXTENSION), open_attributes=True)
        return [m.maybe("extension", model)]

    def quantities(name: str) -> Part:
        return m.maybe(name, QUANTITIES)

    def epcs(name: str) -> Part:
        return m.one(name, EPCS) if old else m.maybe(name, EPCS)

    act = m.one("action", ACTION)
    parent = m.maybe("parentID", URI)
    late = [*parties, sensors, persistent]
    end = [m.maybe("extension", m.OTHERS)]
    common = [*step, *places]
    transformation = [
        m.maybe("inputEPCList", EPCS),
        quantities("inputQuantityList"),
        m.maybe("outputEPCList", EPCS),
        quantities("outputQuantityList"),
        m.maybe("transformationID", URI),
        *common,
        transactions,
    ]
    needed_transactions = Part("bizTransactionList", transactions.model, 1, 1)
    events = {
        "ObjectEvent": event(
            "ObjectEvent",
            epcs("epcList"),
            act,
            *common,
            transactions,
            tail=nested(quantities("quantityList"), *parties, ilmd)
            if old
            else [quantities("quantityList"), *late, ilmd, *end],
        ),
        "AggregationEvent": event(
            "AggregationEvent",
            parent,
            epcs("childEPCs"),
            act,
            *common,
            transactions,
            tail=nested(quantities("childQuantityList"), *parties)
            if old
            else [quantities("childQuantityList"), *late, *end],
        ),
        "TransactionEvent": event(
            "TransactionEvent",
            needed_transactions,
            parent,
            epcs("epcList"),
            act,
            *common,
            tail=nested(quantities("quantityList"), *parties)
            if old
            else [quantities("quantityList"), *late, *end],
        ),
        "TransformationEvent": event(
            "TransformationEvent",
            *transformation,
            tail=[*parties, ilmd, LOCAL_EXTENSION] if old else [*late, ilmd, *end],
        ),
    }
    association = event(
        "AssociationEvent",
        m.one("parentID", URI),
        m.maybe("childEPCs", EPCS),
        *([] if old else [quantities("childQuantityList")]),
        act,
        *common,
        *([quantities("childQuantityList")] if old else []),
        transactions,
        tail=[*late, LOCAL_EXTENSION] if old else [*late, *end],
    )
    holders = tuple(m.some(name, model) for name, model in events.items())
    if old:
        events["QuantityEvent"] = event(
            "QuantityEvent",
            m.one("epcClass", URI),
            m.one("quantity", m.simple(m.integer)),
            *common,
            transactions,
            tail=[LOCAL_EXTENSION],
        )
        second = Model(
            "extension",
            (
                m.some("AssociationEvent", association),
                m.some("*local", Model("", open_attributes=True)),
            ),
            open_attributes=True,
            choice=True,
        )
        wrapped = Model(
            "extension",
            (
                m.one("TransformationEvent", events["TransformationEvent"]),
                m.one("extension", second),
            ),
            one_of=True,
        )
        holders = (
            *(m.some(name, events[name]) for name in events if name != "TransformationEvent"),
            m.some("extension", wrapped),
        )
    else:
        holders = (
            *holders,
            m.some("AssociationEvent", association),
            m.some("extension", m.OTHERS),
        )
    events["AssociationEvent"] = association
    event_list = Model("EventList", holders, open_attributes=True, choice=True)
    return _documents(events, event_list, old=old)


def _documents(events: dict[str, Model], event_list: Model, *, old: bool) -> Shapes:
    partner = m.some("Sender", PARTNER, 1)
    sbdh = Model(
        "StandardBusinessDocumentHeader",
        (
            m.one("HeaderVersion", TEXT),
            partner,
            m.some("Receiver", PARTNER, 1),
            m.one(
                "DocumentIdentification",
                Model(
                    "DocumentIdentification",
                    (
                        m.one("Standard", TEXT),
                        m.one("TypeVersion", TEXT),
                        m.one("InstanceIdentifier", TEXT),
                        m.one("Type", TEXT),
                        m.maybe("MultipleType", m.simple(m.boolean)),
                        m.one("CreationDateAndTime", m.simple(m.document_time)),
                    ),
                ),
            ),
            m.maybe("Manifest", Model("Manifest", mixed=True, text=m.any_text)),
            m.maybe("BusinessScope", Model("BusinessScope", mixed=True, text=m.any_text)),
        ),
    )
    header = Model(
        "EPCISHeader",
        (
            Part(f"{{{SBDH}}}StandardBusinessDocumentHeader", sbdh, int(old), 1),
            m.maybe("extension", HEADER_EXTENSION),
            *([OTHER] if old else []),
        ),
        open_attributes=True,
    )

    def document(body: Model) -> Model:
        return Model(
            "document",
            (
                m.maybe("EPCISHeader", header),
                m.one("EPCISBody", body),
                LOCAL_EXTENSION,
                OTHER,
            ),
            attributes=VERSION_TIMES,
            open_attributes=True,
        )

    results = Model(
        "QueryResults",
        (
            m.one("queryName", TEXT),
            m.maybe("subscriptionID", TEXT),
            m.one(
                "resultsBody",
                Model(
                    "resultsBody",
                    (m.one("EventList", event_list), m.one("VocabularyList", VOCABULARIES)),
                    one_of=True,
                ),
            ),
            LOCAL_EXTENSION,
            OTHER,
        ),
    )
    body = Model(
        "EPCISBody",
        (m.maybe("EventList", event_list), LOCAL_EXTENSION, OTHER),
        open_attributes=True,
    )
    master_body = Model(
        "EPCISBody",
        (m.maybe("VocabularyList", VOCABULARIES), LOCAL_EXTENSION, OTHER),
        open_attributes=True,
    )
    space = "urn:epcglobal:epcis-query:xsd:" + ("1" if old else "2")
    query_body = Model("EPCISBody", (m.one(f"{{{space}}}QueryResults", results),), one_of=True)
    return Shapes(
        events, event_list, document(body), document(query_body), results, document(master_body)
    )


VERSION_2 = _shapes(old=False)
VERSION_1 = _shapes(old=True)
