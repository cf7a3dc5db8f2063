"""What people call their columns, in English, German, French and Spanish; best names first."""

from __future__ import annotations

ORDER = (
    "order order_number order_no order_nr order_ref order_reference order_name order_id "
    "sales_order sales_order_number sales_order_id amazon_order_id purchase_order po_number "
    "invoice_no invoice_number invoice_nr invoice_id invoice receipt_no document_no "
    "transaction_id bestellnummer bestellnr bestell_nr bestellung bestell_id bestellungsnummer "
    "auftragsnummer auftragsnr auftrags_nr auftrag rechnungsnummer rechnungsnr belegnummer "
    "belegnr vorgangsnummer numero_de_commande numero_commande no_commande n_commande "
    "ref_commande reference_commande id_commande commande numero_facture numero_de_facture "
    "facture numero_de_pedido numero_pedido no_pedido n_pedido id_pedido id_de_pedido pedido "
    "numero_factura numero_de_factura factura"
)
PRODUCT = (
    "sku product_sku item_sku variant_sku seller_sku merchant_sku msku lineitem_sku stock_code "
    "stockcode product_code item_code article_code product_no product_nr product_number item_no "
    "item_nr item_number article_no article_nr article_number part_no part_number "
    "material_number product_id item_id article_id variant_id asin product item article code "
    "artikelnummer artikelnr artikel_nr art_nr artikelcode artikel_id produktnummer produktnr "
    "produktcode produkt_id materialnummer artikel produkt reference_produit reference_article "
    "ref_produit ref_article code_produit code_article reference ref id_produit produit "
    "article_ref codigo_de_producto codigo_producto codigo_articulo codigo_de_articulo "
    "referencia ref_producto id_producto codigo producto articulo"
)
QUANTITY = (
    "quantity qty quantity_ordered quantity_purchased quantity_sold quantity_shipped "
    "order_quantity ordered_quantity item_quantity lineitem_quantity line_quantity qty_ordered "
    "qty_shipped units units_sold pieces pcs menge bestellmenge stuckzahl stueckzahl anzahl "
    "stuck stueck quantite quantite_commandee qte nb_unites unites cantidad cantidad_pedida "
    "cant unidades"
)
ORDERED_AT = (
    "ordered_at order_date order_datetime order_time order_created_at ordered_on purchase_date "
    "purchased_at date_of_order date_ordered order_placed created_at created_on date_created "
    "invoice_date sale_date sales_date transaction_date date datetime timestamp bestelldatum "
    "bestellt_am auftragsdatum kaufdatum rechnungsdatum erstellt_am datum date_de_commande "
    "date_commande date_d_achat date_achat date_facture date_de_facture fecha_de_pedido "
    "fecha_pedido fecha_de_compra fecha_compra fecha_factura fecha_de_factura fecha"
)
SHIPPED_AT = (
    "shipped_at ship_date shipped_on shipped_date shipping_date shipment_date date_shipped "
    "dispatched_at dispatch_date despatch_date fulfilled_at fulfillment_date fulfilment_date "
    "delivery_date completed_at completed_date shipped versanddatum versandt_am versendet_am "
    "verschickt_am lieferdatum date_d_expedition date_expedition expedie_le date_d_envoi "
    "date_envoi date_de_livraison fecha_de_envio fecha_envio fecha_de_expedicion enviado_el "
    "fecha_de_entrega"
)
CUSTOMER = (
    "customer_id customer_no customer_nr customer_number customer_code customer_key "
    "customer_ref client_id client_number client_code buyer_id user_id customer client buyer "
    "kundennummer kundennr kunden_nr kunden_id kundencode kunde numero_client numero_de_client "
    "id_client code_client no_client numero_de_cliente numero_cliente id_cliente codigo_cliente "
    "codigo_de_cliente cliente"
)
EMAIL = (
    "email e_mail email_address customer_email buyer_email billing_email contact_email mail "
    "e_mail_adresse email_adresse mailadresse kunden_email adresse_email adresse_e_mail "
    "adresse_mail courriel email_client correo_electronico correo direccion_de_correo "
    "email_cliente"
)
NAME = (
    "customer_name recipient_name recipient shipping_name ship_name ship_to_name buyer_name "
    "contact_name billing_name full_name name consumer_name company company_name kundenname "
    "empfanger empfaenger ansprechpartner firma firmenname nom_client nom_du_client "
    "destinataire nom_complet nom societe nombre_cliente nombre_del_cliente destinatario "
    "nombre_completo nombre empresa"
)
FIRST_NAME = "first_name firstname given_name forename vorname prenom nombre_de_pila"
LAST_NAME = "last_name lastname surname family_name nachname nom_de_famille apellidos apellido"
PHONE = (
    "phone phone_number telephone tel mobile mobile_phone customer_phone shipping_phone "
    "buyer_phone_number ship_phone_number telefon telefonnummer handy mobil mobilnummer "
    "numero_de_telephone telephone_portable telefono movil numero_de_telefono"
)
STREET = (
    "street address address_1 address1 address_line_1 address_line1 street_address "
    "shipping_address_1 shipping_address1 shipping_street shipping_address ship_address_1 "
    "delivery_address billing_address_1 strasse strasse_hausnummer strasse_und_hausnummer "
    "anschrift lieferadresse adresse adresse_1 rue adresse_de_livraison calle direccion "
    "direccion_de_envio domicilio"
)
STREET2 = (
    "street2 street_2 address_2 address2 address_line_2 address_line2 shipping_address_2 "
    "shipping_address2 ship_address_2 adresszusatz adresse_2 complement_d_adresse direccion_2"
)
POSTCODE = (
    "postcode post_code postal_code zip zip_code zipcode shipping_zip shipping_postcode "
    "ship_postal_code ship_zip plz postleitzahl code_postal cp codigo_postal"
)
CITY = "city town shipping_city ship_city ort stadt wohnort ville ciudad poblacion localidad"
REGION = (
    "region state province county shipping_state shipping_province ship_state bundesland provincia"
)
COUNTRY = (
    "country country_code market ship_country ship_country_code shipping_country "
    "shipping_country_code delivery_country destination_country customer_country "
    "billing_country land lieferland landescode landerkurzel pays pays_de_livraison code_pays "
    "pais pais_de_envio codigo_pais"
)
LANGUAGE = "language lang locale customer_locale customer_language sprache langue idioma"
TITLE = (
    "product_name item_name product_title item_title lineitem_name description "
    "product_description item_description title article_name artikelbezeichnung "
    "produktbezeichnung bezeichnung artikelname produktname artikelbeschreibung beschreibung "
    "nom_du_produit nom_produit designation libelle description_produit nombre_del_producto "
    "nombre_producto descripcion descripcion_del_producto"
)
VARIANT = "variant variant_title variant_name option variante"
GTIN = (
    "gtin ean upc barcode ean13 ean_13 gtin13 gtin_13 gtin14 ean_code strichcode code_barres "
    "codigo_de_barras"
)
PRICE = (
    "unit_price price item_price lineitem_price item_cost unit_cost price_each sale_price "
    "einzelpreis stuckpreis stueckpreis preis verkaufspreis prix_unitaire prix precio_unitario "
    "precio"
)
CURRENCY = "currency currency_code order_currency wahrung waehrung devise moneda divisa"
CHANNEL = (
    "channel sales_channel marketplace kanal vertriebskanal canal canal_de_vente canal_de_venta"
)
SITE = (
    "site warehouse warehouse_code site_code location fulfillment_center fulfilment_centre "
    "depot store lager lagerort standort filiale entrepot lieu magasin almacen ubicacion centro"
)
LOT = (
    "lot lot_number lot_no lot_nr lot_code lot_id batch batch_number batch_no batch_code charge "
    "chargennummer chargennr chargen_nr losnummer los numero_de_lot no_lot n_lot lote "
    "numero_de_lote n_lote"
)
SERIAL = "serial serial_number serial_no sn seriennummer serien_nr numero_de_serie numero_serie"
CONTAINER = "container container_id sscc pallet pallet_id palette tote contenedor conteneur"
STATUS = (
    "order_status status bestellstatus auftragsstatus statut statut_commande estado "
    "estado_del_pedido"
)
CANCELLED_AT = (
    "cancelled_at canceled_at cancelled_on cancellation_date cancelled_date storniert_am "
    "stornodatum annule_le date_d_annulation cancelado_el fecha_de_cancelacion"
)
REFUNDED_QUANTITY = (
    "refunded_quantity refunded_qty quantity_refunded qty_refunded returned_quantity "
    "quantity_returned qty_returned cancelled_quantity canceled_quantity quantity_cancelled "
    "quantity_canceled qty_cancelled erstattete_menge stornierte_menge retourenmenge "
    "quantite_remboursee quantite_retournee quantite_annulee cantidad_reembolsada "
    "cantidad_devuelta cantidad_cancelada"
)
CANCELS = (
    "cancels original_order original_order_number original_order_id refund_of cancellation_of "
    "parent_order parent_order_id related_order original_invoice urspruengliche_bestellung "
    "ursprungsbestellung commande_d_origine commande_origine pedido_original"
)
BRAND = "brand vendor manufacturer maker make marke hersteller marque fabricant marca fabricante"
MODEL = "model model_number model_no modell modellnummer modele modelo"
SUPPLIER = (
    "supplier supplier_id supplier_code supplier_no supplier_name vendor vendor_id vendor_code "
    "lieferant lieferantennummer lieferantennr lieferanten_nr lieferantencode fournisseur "
    "code_fournisseur id_fournisseur proveedor codigo_proveedor id_proveedor code id name"
)
CONSIGNEE = (
    "consignee consignee_id consignee_code customer_no customer_id retailer retailer_id "
    "distributor distributor_id partner partner_id account account_id code id haendler handler "
    "handlernummer revendeur distributeur distribuidor minorista name"
)
LEVEL = "level type kind tier role stufe art niveau nivel"
RECEIVED_AT = (
    "received_at received received_on received_date date_received receipt_date receiving_date "
    "arrived_at arrival_date goods_receipt_date wareneingang wareneingangsdatum eingangsdatum "
    "erhalten_am date_de_reception date_reception recu_le fecha_de_recepcion fecha_recepcion "
    "recibido_el date in from"
)
DEPLETED_AT = (
    "depleted_at depleted depleted_on date_depleted emptied_at empty_at used_up_at sold_out_at "
    "left_at until out to aufgebraucht_am leer_am epuise_le agotado_el"
)
COUNTED_AT = (
    "counted_at counted_on count_date as_of date inventory_date stock_date stichtag zahldatum "
    "inventurdatum date_d_inventaire date_inventaire fecha_de_inventario fecha_inventario"
)
ON_HAND = (
    "quantity on_hand qty_on_hand quantity_on_hand stock stock_quantity qty stock_on_hand "
    "in_stock available units inventory inventory_quantity bestand lagerbestand menge anzahl "
    "stock_disponible quantite existencias cantidad"
)
LOT_SIZE = (
    "lot_size lotsize batch_size lot_quantity received_quantity losgrosse losgroesse losumfang "
    "chargengrosse chargengroesse taille_du_lot taille_lot tamano_del_lote tamano_lote"
)
SAMPLE = (
    "sample sample_size sampled looked_at inspected checked quantity_inspected inspected_quantity "
    "stichprobe stichprobenumfang gepruft geprueft echantillon taille_echantillon muestra "
    "tamano_muestra"
)
FAILED = (
    "failed nonconforming non_conforming nonconformities defective defectives rejects found "
    "number_failed fehlerhaft fehlerhafte beanstandet non_conformes no_conformes defectuosos"
)
INSPECTED_AT = (
    "inspected_at inspection_date inspected_on date_inspected checked_at date prufdatum pruefdatum "
    "geprueft_am gepruft_am datum date_inspection date_d_inspection fecha_inspeccion "
    "fecha_de_inspeccion fecha"
)
TESTED_AT = (
    "tested_at test_date tested_on date_tested report_date analysis_date date prufdatum pruefdatum "
    "testdatum analysedatum datum date_essai date_d_essai date_analyse fecha_ensayo "
    "fecha_de_ensayo fecha"
)
