"""The Core Business Vocabulary: its words, their three spellings, and which are forbidden."""

from __future__ import annotations

import re
from dataclasses import dataclass

from holdfast.kit.epcis.formats import is_uri

CBV = "https://ref.gs1.org/cbv/"
GS1 = "https://gs1.org/voc/"
_FORBIDDEN = re.compile(r"urn:epcglobal:cbv|https?://ns\.gs1\.org/cbv/")
_GS1_VOC = re.compile(r"https?://(?:www\.)?gs1\.org/voc/")


@dataclass(frozen=True)
class Vocabulary:
    """One closed list: `urn` and `web` are the prefixes of the two long spellings.

    `retired` are words only documents of version 1 may use.
    """

    name: str
    urn: str
    web: str
    words: frozenset[str]
    retired: frozenset[str] = frozenset()

    def expand(self, value: str) -> str:
        """The web address of a value: bare words and URNs become one, others stay as they are."""
        if value in self.words or value in self.retired:
            return self.web + value
        if self.urn and value.startswith(self.urn):
            return self.web + value[len(self.urn) :]
        if value.startswith("cbv:"):
            return CBV + value[4:]
        return value

    def bare(self, value: str) -> str:
        """The bare word of a standard value; a private URI stays as it is."""
        long = self.expand(value.strip())
        return long[len(self.web) :] if long.startswith(self.web) else long

    def wrong_in_json(self, value: str) -> str:
        """Why the JSON schema or the CBV forbids the value; empty when neither does."""
        if value in self.words:
            return ""
        if not is_uri(value):
            return f"is neither a word of the CBV ({self.name}) nor a URI"
        if _FORBIDDEN.match(value):
            return "spells a standard word the long way; in JSON it is the bare word"
        return self._unknown(value, self.words)

    def wrong_in_xml(self, value: str, *, old: bool) -> str:
        """The same for XML, where standard words are URNs or web addresses."""
        allowed = self.words | self.retired if old else self.words
        value = value.strip()
        if value in allowed:
            return ""
        if not is_uri(value):
            return f"is neither a word of the CBV ({self.name}) nor a URI"
        return self._unknown(value, allowed)

    def _unknown(self, value: str, allowed: frozenset[str]) -> str:
        long = self.expand(value)
        for prefix in (self.web, self.urn):
            if long.startswith(prefix) and long[len(prefix) :] not in allowed:
                return f"is not in the CBV: it lists no {self.name} “{long[len(prefix) :][:40]}”"
        return ""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BIZ_STEP = Vocabulary(
    "business step",
    "urn:epcglobal:cbv:bizstep:",
    CBV + "BizStep-",
    _words(
        "accepting arriving assembling collecting commissioning consigning "
        "creating_class_instance cycle_counting decommissioning departing destroying "
        "disassembling dispensing encoding entering_exiting holding inspecting installing killing "
        "loading other packing picking receiving removing repackaging repairing replacing "
        "reserving retail_selling sampling sensor_reporting shipping staging_outbound "
        "stock_taking stocking storing transporting unloading unpacking void_shipping"
    ),
)
DISPOSITION = Vocabulary(
    "disposition",
    "urn:epcglobal:cbv:disp:",
    CBV + "Disp-",
    _words(
        "active available completeness_inferred completeness_verified conformant container_closed "
        "container_open damaged destroyed dispensed disposed encoded expired in_progress "
        "in_transit inactive mismatch_class mismatch_instance mismatch_quantity needs_replacement "
        "no_pedigree_match non_conformant non_sellable_other partially_dispensed recalled "
        "reserved retail_sold returned sellable_accessible sellable_not_accessible stolen "
        "unavailable unknown"
    ),
    _words(
        "non_sellable_expired non_sellable_damaged non_sellable_disposed "
        "non_sellable_no_pedigree_match non_sellable_recalled"
    ),
)
TRANSACTION = Vocabulary(
    "business transaction type",
    "urn:epcglobal:cbv:btt:",
    CBV + "BTT-",
    _words("bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt"),
)
PARTY = Vocabulary(
    "source or destination type",
    "urn:epcglobal:cbv:sdt:",
    CBV + "SDT-",
    _words("location owning_party possessing_party"),
)
ERROR = Vocabulary(
    "error reason",
    "urn:epcglobal:cbv:er:",
    CBV + "ER-",
    _words("did_not_occur incorrect_data"),
)
COMPONENT = Vocabulary(
    "component",
    "urn:epcglobal:cbv:comp:",
    CBV + "Comp-",
    _words(
        "altitude axial_distance azimuth easting elevation_angle height latitude longitude "
        "northing polar_angle spherical_radius x y z"
    ),
)
ALERTS = _words("ALARM_CONDITION ERROR_CONDITION")
MEASUREMENTS = _words(
    "AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Altitude AmountOfSubstance "
    "AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity "
    "Area Capacitance Conductance Conductivity Count Density Dimensionless DoseEquivalent "
    "DoseEquivalentRate DynamicViscosity ElectricCharge ElectricCurrent ElectricCurrentDensity "
    "ElectricFieldStrength Energy Exposure Force Frequency Illuminance Inductance Irradiance "
    "KinematicViscosity Length LinearMomentum Luminance LuminousFlux LuminousIntensity "
    "MagneticFlux MagneticFluxDensity MagneticVectorPotential Mass MassConcentration MassFlowRate "
    "MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Power "
    "Pressure RadiantFlux RadiantIntensity Radioactivity RelativeHumidity Resistance Resistivity "
    "SolidAngle SpecificVolume Speed SurfaceDensity SurfaceTension Temperature Time Torque "
    "Voltage Volume VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber"
)


def wrong_gs1_word(value: str, words: frozenset[str]) -> str:
    """Why a measurement or alert type is forbidden in JSON; empty when it is not."""
    if value in words:
        return ""
    if not is_uri(value):
        return "is neither a word of the GS1 Web Vocabulary nor a URI"
    if _GS1_VOC.match(value):
        return "spells a word of the GS1 Web Vocabulary the long way; in JSON it is the bare word"
    return ""
