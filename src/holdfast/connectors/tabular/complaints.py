"""Any other table of complaints, returns or reviews, by what shops call their columns."""

from __future__ import annotations

from holdfast.connectors.tabular import words as w
from holdfast.supply.imports.formats import Format

TEXT = (
    "text message comment comments complaint complaint_text description details body content "
    "review review_text review_body review_content feedback customer_comment customer_comments "
    "customer_note return_comment return_note incident_description narrative note notes "
    "beschwerde beschwerdetext kommentar anmerkung nachricht bewertung bewertungstext "
    "kundenkommentar beschreibung commentaire message_client avis texte reclamation comentario "
    "mensaje resena opinion reclamacion what_happened problem problem_description issue "
    "issue_description ticket_description first_message fehlerbeschreibung problembeschreibung "
    "was_ist_passiert reklamationstext description_du_probleme descripcion_del_problema"
)
TITLE = "subject title summary review_title headline betreff titel objet titre asunto titulo"
REASON = (
    "reason return_reason reason_for_return return_reason_code reason_code refund_reason "
    "chargeback_reason dispute_reason warranty_reason category_of_complaint grund rueckgabegrund "
    "ruckgabegrund retourengrund reklamationsgrund motif motif_de_retour motif_retour motivo "
    "motivo_de_devolucion"
)
RECEIVED_AT = (
    "received_at received_on date_received complaint_date report_date return_date returned_at "
    "requested_at review_date reviewed_at submitted_at created_at created_on dispute_date date "
    "datetime timestamp eingang eingangsdatum eingegangen_am rueckgabedatum ruckgabedatum "
    "retourendatum erstellt_am datum date_de_reception date_de_retour date_retour fecha created "
    "created_time created_date date_created opened opened_at date_opened meldedatum erstellt "
    "created_utc review_created review_created_utc "
    "fecha_de_recepcion fecha_de_devolucion"
)
SOURCE_ID = (
    "complaint_id complaint_number complaint_no ticket_id ticket ticket_number case_id case_number "
    "return_id rma rma_number return_number review_id dispute_id claim_id report_number report_no "
    "reference_number id issue_id issue_key meldungsnummer meldung vorgang vorgangsnummer "
    "ticketnummer retourennummer reklamationsnummer "
    "numero_de_reclamation numero_de_retour numero_de_reclamacion"
)
ORDER = w.ORDER.replace(" reference ", " ").replace("vorgangsnummer ", "")


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.split()))


COMPLAINTS = Format(
    name="csv",
    kind="complaints",
    words="Table of complaints, returns or reviews",
    how="Any table with a text or a reason in each row.",
    columns={
        "source_id": _names(SOURCE_ID),
        "kind": _names("kind type complaint_type art typ type_de_reclamation tipo"),
        "text": _names(TEXT),
        "title": _names(TITLE),
        "reason": _names(REASON),
        "received_at": _names(RECEIVED_AT),
        "happened_at": _names(
            "happened_at incident_date date_of_incident event_date happened_on vorfallsdatum "
            "passiert_am date_de_l_incident date_incident fecha_del_incidente"
        ),
        "published_at": _names("published_at publication_date published_on veroeffentlicht_am"),
        "product": _names(w.PRODUCT),
        "product_name": _names(f"{w.TITLE.replace('description ', '')} name_of_product"),
        "brand": _names(w.BRAND.removesuffix(" fabricante")),
        "model": _names(w.MODEL),
        "maker": _names("manufacturer maker producer hersteller fabricant fabricante"),
        "gtin": _names(w.GTIN),
        "lot": _names(w.LOT),
        "serial": _names(w.SERIAL),
        "order": _names(ORDER),
        "harm": _names(
            "harm injury injured severity victim_severity injury_severity event_type verletzung "
            "verletzt blessure lesion"
        ),
        "stars": _names(
            "stars rating star_rating review_stars review_score score overall note_client sterne "
            "puntuacion"
        ),
        "name": _names(f"{w.NAME} requester requester_name reviewer reviewer_name display_name"),
        "first_name": _names(w.FIRST_NAME),
        "last_name": _names(w.LAST_NAME),
        "email": _names(f"{w.EMAIL} requester_email reviewer_email consumer_email from_email"),
        "phone": _names(w.PHONE),
        "country": _names(w.COUNTRY),
        "language": _names(w.LANGUAGE),
        "goods": _names("goods"),
    },
)
