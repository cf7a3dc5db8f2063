"""The words the rules know, by language; a stem ends where the pattern says so."""

from __future__ import annotations

LOT = (
    r"lot(?:\s{0,3}(?:no|nr|number|code|n[o°º]))?",
    r"batch(?:\s{0,3}(?:no|nr|number|code))?",
    r"charge(?:n?(?:\s{0,3}-?\s{0,3}(?:nr|nummer)))?",
    r"los(?:\s{0,3}-?\s{0,3}(?:nr|nummer))?",
    r"num[ée]ro\s{1,3}de\s{1,3}lot",
    r"n[°ºo]\.?\s{1,3}de\s{1,3}lot",
    r"lote(?:\s{0,3}(?:n[°ºo]|n[uú]mero))?",
    r"n[uú]mero\s{1,3}de\s{1,3}lote",
    r"lots",
    r"batches",
    r"chargen",
    r"lotes",
)
PRODUCT = (
    r"sku",
    r"art(?:ikel|icle|[íi]culo|\.)?\s{0,3}-?\s{0,3}(?:nr|nummer|no|n[°ºo]|code)?",
    r"model(?:l|o)?(?:\s{0,3}(?:no|nr|number|n[°ºo]))?",
    r"mod[èe]le",
    r"item(?:\s{0,3}(?:no|number|code))?",
    r"product(?:\s{0,3}(?:code|no|number))?",
    r"produkt(?:\s{0,3}-?\s{0,3}(?:code|nr|nummer))?",
    r"produit",
    r"producto",
    r"r[ée]f(?:[ée]rence|erencia)?",
    r"part\s{0,3}(?:no|number)",
)
UNITS = (
    r"pieces?|pcs|units?|items?|cells?|cartons?|boxes",
    r"st(?:ü|ue)ck|stk|einheiten|kartons?",
    r"pi[èe]ces?|unit[ée]s?|exemplaires?",
    r"unidades?|piezas?|uds?",
)
MADE = (
    r"made|manufactured|produced|production",
    r"hergestellt|produziert|gefertigt|herstellung|produktion",
    r"fabriqu[ée]e?s?|produite?s?|fabrication",
    r"fabricad[oa]s?|producid[oa]s?|fabricaci[óo]n",
)
SHIPPED = (
    r"shipped|dispatched|delivered|left|sent|shipment|delivery",
    r"versandt|versendet|geliefert|ausgeliefert|lieferung|versand",
    r"exp[ée]di[ée]e?s?|livr[ée]e?s?|envoy[ée]e?s?|livraison|exp[ée]dition",
    r"enviad[oa]s?|entregad[oa]s?|expedid[oa]s?|env[íi]o|entrega",
)
SENDER = (
    r"from",
    r"von",
    r"de(?:\s{1,3}la\s{1,3}part\s{1,3}de)?",
    r"absender",
    r"exp[ée]diteur",
    r"remitente",
)
NOT = (
    r"(?:\bno\b|\bnot\b|n't\b|\bnever\b|\bnicht\b|\bkein\w*|\bpas\b|\baucun\w*|\bsin\b|\bningun\w*)"
)

MECHANISMS: dict[str, str] = {
    "overheats": r"over-?heat\w*|(?:runs?|gets?|becomes?)\s{1,3}(?:too\s{1,3})?hot|überhitz\w*"
    r"|zu heiß|surchauff\w*|sobrecalient\w*|recalient\w*",
    "catches fire": r"burn(?:s|ed|t|ing)?\b|catch(?:es)?\s{1,3}fire|ignit\w*|caught fire"
    r"|verbrenn\w*|brenn\w*|entzünd\w*|prend\w*\s{1,3}feu|s['’]enflamm\w*|br[ûu]l\w*|se\s{1,3}incendi\w*|arde[nr]?\b"
    r"|se\s{1,3}quem\w*",
    "explodes": r"explo[ds]\w*|burst(?:s|ing)?\b|explodier\w*|platz(?:t|en)\b|éclat\w*|estall\w*"
    r"|explot\w*",
    "gives an electric shock": r"electric(?:al)?\s{1,3}shock\w*|live\s{1,3}parts?|stromschlag\w*"
    r"|elektrische\w*\s{1,3}schlag\w*|choc\s{1,3}électrique|électrocut\w*|descargas?\s{1,3}eléctricas?"
    r"|electrocu\w*",
    "leaks": r"leak\w*|undicht\w*|ausl[aä]uf\w*|fuit\w*|fuga\w*|derram\w*",
    "breaks": r"break(?:s|ing|age)?\b|broke[n]?\b|crack\w*|snap(?:s|ped)?\b|bricht|brechen|bruch\b"
    r"|gebrochen\w*|riss\w*|cass\w*|romp\w*|rupture\w*|rot[oa]s?\b|quiebr\w*",
    "small parts come off": r"small\s{1,3}parts?|detach\w*|come[s]?\s{1,3}off|kleinteil\w*"
    r"|l[öo]s(?:t|en)\s{1,3}sich|petites?\s{1,3}pièces?|se\s{1,3}détach\w*|piezas?\s{1,3}pequeñas?|se\s{1,3}desprend\w*",
    "has sharp edges": r"sharp\w*|scharfkantig\w*|scharfe\w*|tranchant\w*|coupant\w*|cortante\w*"
    r"|afilad\w*",
    "is contaminated": r"contaminat\w*|salmonell\w*|listeri\w*|e\.?\s?coli\b|mould\w*"
    r"|kontaminier\w*|verunreinig\w*|schimmel\w*|contamin\w*|moisissure\w*|moho\b",
    "has an undeclared allergen": r"allergen\w*|undeclared\s{1,3}\w+|allergène\w*|alérgen\w*",
    "releases a harmful substance": r"toxic\w*|phthalat\w*|lead content|giftig\w*"
    r"|schadstoff\w*|bleigehalt|toxique\w*|plomb\b|tóxic\w*|plomo\b|nickel\s{1,3}release",
    "tips over or collapses": r"tip(?:s|ped)?\s{1,3}over|collaps\w*|kipp\w*|bricht\s{1,3}zusammen"
    r"|bascul\w*|s['’]effondr\w*|vuelc\w*|se\s{1,3}derrumb\w*",
}
OUTCOMES: dict[str, str] = {
    "fire": r"fires?\b|feuer\w*|br[aä]nde?\b|incendi\w*|feu\b|fuego\w*|overheat\w*|burn\s{1,3}while"
    r"|catch(?:es)?\s{1,3}fire|entzünd\w*|überhitz\w*|surchauff\w*|sobrecalient\w*",
    "electric_shock": r"electric(?:al)?\s{1,3}shock\w*|stromschlag\w*|choc\s{1,3}électrique"
    r"|descargas?\s{1,3}eléctricas?",
    "explosion": r"explo[ds]\w*|explot\w*",
    "choking": r"chok\w*|erstick\w*|étouff\w*|asfixi\w*|small\s{1,3}parts?|kleinteil\w*"
    r"|petites?\s{1,3}pièces?|piezas?\s{1,3}pequeñas?",
    "cut": r"cuts?\b|lacerat\w*|schnitt\w*|coupur\w*|cortes?\b|sharp\w*|scharfkantig\w*",
    "infection": r"salmonell\w*|listeri\w*|e\.?\s?coli\b",
    "allergic_reaction": r"allerg\w*|alerg\w*",
    "poisoning": r"poison\w*|vergift\w*|intoxi\w*|envenen\w*|toxic\w*|giftig\w*"
    r"|toxique\w*|tóxic\w*",
    "fall": r"falls?\b|sturz\w*|stürz\w*|chute\w*|caíd\w*|tip(?:s|ped)?\s{1,3}over|collaps\w*",
    "burn": r"burns?\b|verbrenn\w*|brûlur\w*|quemad\w*",
}
MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier janv enero ene",
            "february feb februar février févr fevrier febrero",
            "march mar märz maerz mrz mars marzo",
            "april apr avril avr abril abr",
            "may mai mayo",
            "june jun juni juin junio",
            "july jul juli juillet juil julio",
            "august aug août aout agosto ago",
            "september sep sept septembre septiembre",
            "october oct oktober okt octobre octubre",
            "november nov novembre noviembre",
            "december dec dezember dez décembre déc decembre diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
