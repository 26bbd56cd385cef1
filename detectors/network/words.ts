// The words of the network detectors beside the beacons: what their features and kinds are called. Typed by
// its German half.
import type { DetectorWords } from "../anomaly/explanation.ts";
import type { AnomalyLanguage } from "../anomaly/messages.ts";

const de = {
  dga: {
    features: {
      "dga.evidence": "Gewicht der Namen, die nach einem Algorithmus aussehen",
      "dga.examples": "Beispiele",
      "dga.made_names": "neue Namen, die nach einem Algorithmus aussehen",
    },
    kinds: { made_names: "fragt nach Namen, wie Schadprogramme sie errechnen" },
  },
  exfiltration: {
    features: {
      "exfiltration.bytes": "nach außen gesendete Bytes in der Stunde",
      "exfiltration.bytes_to_new": "davon an Ziele, die erstmals angesprochen werden",
      "exfiltration.destinations": "Ziele",
    },
    kinds: { bytes_out: "sendet weit mehr nach außen als zu solchen Stunden üblich" },
  },
  scan: {
    features: {
      "scan.examples": "Beispiele",
      "scan.failed_share": "Anteil der vergeblichen Versuche",
      "scan.hosts": "verschiedene Adressen",
      "scan.ports": "verschiedene Ports",
      "scan.targets": "verschiedene Ziele in zehn Minuten",
    },
    kinds: {
      address_scan: "probiert viele Adressen durch",
      port_scan: "probiert viele Ports durch",
    },
  },
  tunnel: {
    features: {
      "tunnel.bits": "Bits, die die gefragten Namen tragen können",
      "tunnel.carrier_share": "Anteil der Fragen, deren Antwort Daten trägt",
      "tunnel.domain": "Domäne",
      "tunnel.examples": "Beispiele",
      "tunnel.names": "verschiedene Namen in der Stunde",
    },
    kinds: { dns_tunnel: "schickt vermutlich Daten in DNS-Fragen nach außen" },
  },
};

const en: typeof de = {
  dga: {
    features: {
      "dga.evidence": "weight of the names that look made by an algorithm",
      "dga.examples": "examples",
      "dga.made_names": "new names that look made by an algorithm",
    },
    kinds: { made_names: "asks for names as malware computes them" },
  },
  exfiltration: {
    features: {
      "exfiltration.bytes": "bytes sent outside in the hour",
      "exfiltration.bytes_to_new": "of these to destinations never used before",
      "exfiltration.destinations": "destinations",
    },
    kinds: { bytes_out: "sends far more outside than usual at such hours" },
  },
  scan: {
    features: {
      "scan.examples": "examples",
      "scan.failed_share": "share of attempts in vain",
      "scan.hosts": "different addresses",
      "scan.ports": "different ports",
      "scan.targets": "different targets in ten minutes",
    },
    kinds: { address_scan: "tries many addresses", port_scan: "tries many ports" },
  },
  tunnel: {
    features: {
      "tunnel.bits": "bits that the names asked for can carry",
      "tunnel.carrier_share": "share of questions whose answer carries data",
      "tunnel.domain": "domain",
      "tunnel.examples": "examples",
      "tunnel.names": "different names in the hour",
    },
    kinds: { dns_tunnel: "probably sends data outside in DNS questions" },
  },
};

/** By language, then by the name of the detector's folder. */
export const networkWords: Readonly<
  Record<AnomalyLanguage, Readonly<Record<string, DetectorWords>>>
> = { de, en };
