// The words of the detectors that the product runs: their features and kinds, German and English. Typed by
// its German half, so that neither language lacks one.
import { metricWords } from "../metrics/words.ts";
import { networkWords } from "../network/words.ts";
import { templateWords } from "../templates/words.ts";
import { autoencoderWords } from "./autoencoder/words.ts";
import type { DetectorWords } from "./explanation.ts";
import type { AnomalyLanguage } from "./messages.ts";

const de = {
  beacon: {
    features: {
      "beacon.contacts": "Verbindungen in gleichmäßigem Abstand",
      "beacon.destination": "Ziel",
      "beacon.pause_deviation": "Abweichung der Pausen",
      "beacon.size_deviation": "Abweichung der Größen",
      "beacon.sources_of_destination": "Geräte, die dieses Ziel ansprechen",
    },
    kinds: { beacon: "meldet sich regelmäßig bei einem seltenen Ziel" },
  },
  logons: {
    features: {
      "logons.day_off": "Anmeldung an einem freien Tag",
      "logons.hour": "Stunde der Anmeldung",
      "logons.method": "Art der Anmeldung",
      "logons.speed_kmh": "Reisegeschwindigkeit zwischen zwei Anmeldungen in km/h",
      "logons.failed_others": "andere Konten, deren Anmeldung von dort scheiterte",
      "logons.foreign_source": "Herkunft",
      "logons.silent_days": "Tage ohne Anmeldung",
      "logons.unknown_for_days": "Tage, in denen das Konto unbekannt war",
    },
    kinds: {
      day_off: "an einem freien Tag aktiv",
      dormant: "nach langer Ruhe wieder aktiv",
      foreign_source: "Anmeldung von fremder Herkunft",
      impossible_travel: "Anmeldungen von Orten, die zu weit auseinander liegen",
      odd_hour: "zu ungewohnter Stunde aktiv",
      service_interactive: "ein Dienstkonto meldet sich wie ein Mensch an",
      spray_then_success: "viele Konten scheiterten von dort, dann gelang eine Anmeldung",
    },
  },
  rarity: {
    features: {
      "rarity.process": "Programm",
      "rarity.parent": "Programm mit seinem Aufrufer",
      "rarity.host": "Zielrechner",
      "rarity.source": "Herkunft der Anmeldung",
      "rarity.method": "Art der Anmeldung",
      "rarity.country": "Land",
      "rarity.user_agent": "Kennung des Programms",
      "rarity.service": "Dienst",
      "rarity.task": "geplante Aufgabe",
      "rarity.destination": "Ziel",
      "rarity.name": "Name im DNS",
    },
    kinds: {
      rare_process: "seltenes Programm",
      rare_parent: "seltener Aufruf eines Programms",
      rare_host: "neuer oder seltener Zielrechner",
      rare_source: "neue oder seltene Herkunft",
      rare_method: "neue Art der Anmeldung",
      rare_country: "neues oder seltenes Land",
      rare_user_agent: "seltene Kennung eines Programms",
      rare_service: "neuer oder seltener Dienst",
      rare_task: "neue oder seltene geplante Aufgabe",
      rare_destination: "neues oder seltenes Ziel",
      rare_name: "neuer oder seltener Name",
    },
  },
  volume: {
    features: {
      "volume.silence": "Ereignisse in der Stunde, in der sie fehlen",
      "volume.events_day": "Ereignisse am Tag",
      "volume.events_hour": "Ereignisse in der Stunde",
      "volume.logons_day": "Anmeldungen am Tag",
      "volume.logons_hour": "Anmeldungen in der Stunde",
      "volume.failed_logons_day": "gescheiterte Anmeldungen am Tag",
      "volume.failed_logons_hour": "gescheiterte Anmeldungen in der Stunde",
      "volume.programs_day": "Programmstarts am Tag",
      "volume.programs_hour": "Programmstarts in der Stunde",
      "volume.bytes_out_day": "gesendete MiB am Tag",
      "volume.bytes_out_hour": "gesendete MiB in der Stunde",
      "volume.names_day": "DNS-Fragen am Tag",
      "volume.names_hour": "DNS-Fragen in der Stunde",
      "volume.requests_day": "Anfragen am Tag",
      "volume.requests_hour": "Anfragen in der Stunde",
      "volume.file_write_day": "geschriebene Dateien am Tag",
      "volume.file_write_hour": "geschriebene Dateien in der Stunde",
      "volume.file_rename_day": "umbenannte Dateien am Tag",
      "volume.file_rename_hour": "umbenannte Dateien in der Stunde",
      "volume.file_delete_day": "gelöschte Dateien am Tag",
      "volume.file_delete_hour": "gelöschte Dateien in der Stunde",
      "volume.mail_day": "E-Mails am Tag",
      "volume.mail_hour": "E-Mails in der Stunde",
    },
    kinds: {
      silence: "die Quelle ist verstummt",
      many_events: "weit mehr Ereignisse als sonst",
      many_logons: "weit mehr Anmeldungen als sonst",
      many_failed_logons: "weit mehr gescheiterte Anmeldungen als sonst",
      many_programs: "weit mehr Programmstarts als sonst",
      many_bytes_out: "sendet weit mehr Daten als sonst",
      many_names: "weit mehr DNS-Fragen als sonst",
      many_requests: "weit mehr Anfragen als sonst",
      many_file_write: "schreibt weit mehr Dateien als sonst",
      many_file_rename: "benennt weit mehr Dateien um als sonst",
      many_file_delete: "löscht weit mehr Dateien als sonst",
      many_mail: "weit mehr E-Mails als sonst",
    },
  },
};

const en: typeof de = {
  beacon: {
    features: {
      "beacon.contacts": "connections at even distances",
      "beacon.destination": "destination",
      "beacon.pause_deviation": "deviation of the pauses",
      "beacon.size_deviation": "deviation of the sizes",
      "beacon.sources_of_destination": "devices that talk to this destination",
    },
    kinds: { beacon: "reports regularly to a rare destination" },
  },
  logons: {
    features: {
      "logons.day_off": "logon on a day off",
      "logons.hour": "hour of the logon",
      "logons.method": "way of the logon",
      "logons.speed_kmh": "speed of travel between two logons in km/h",
      "logons.failed_others": "other accounts whose logon failed from there",
      "logons.foreign_source": "origin",
      "logons.silent_days": "days without a logon",
      "logons.unknown_for_days": "days on which the account was unknown",
    },
    kinds: {
      day_off: "active on a day off",
      dormant: "active again after a long rest",
      foreign_source: "logon from a foreign origin",
      impossible_travel: "logons from places too far apart",
      odd_hour: "active at an unaccustomed hour",
      service_interactive: "a service account logs on as a human does",
      spray_then_success: "many accounts failed from there, then a logon succeeded",
    },
  },
  rarity: {
    features: {
      "rarity.process": "program",
      "rarity.parent": "program with its caller",
      "rarity.host": "target host",
      "rarity.source": "origin of the logon",
      "rarity.method": "way of the logon",
      "rarity.country": "country",
      "rarity.user_agent": "name of the program",
      "rarity.service": "service",
      "rarity.task": "scheduled task",
      "rarity.destination": "destination",
      "rarity.name": "name in the DNS",
    },
    kinds: {
      rare_process: "rare program",
      rare_parent: "rare call of a program",
      rare_host: "new or rare target host",
      rare_source: "new or rare origin",
      rare_method: "new way of the logon",
      rare_country: "new or rare country",
      rare_user_agent: "rare name of a program",
      rare_service: "new or rare service",
      rare_task: "new or rare scheduled task",
      rare_destination: "new or rare destination",
      rare_name: "new or rare name",
    },
  },
  volume: {
    features: {
      "volume.silence": "events in the hour that lacks them",
      "volume.events_day": "events of the day",
      "volume.events_hour": "events in the hour",
      "volume.logons_day": "logons of the day",
      "volume.logons_hour": "logons in the hour",
      "volume.failed_logons_day": "failed logons of the day",
      "volume.failed_logons_hour": "failed logons in the hour",
      "volume.programs_day": "program starts of the day",
      "volume.programs_hour": "program starts in the hour",
      "volume.bytes_out_day": "MiB sent on the day",
      "volume.bytes_out_hour": "MiB sent in the hour",
      "volume.names_day": "DNS questions of the day",
      "volume.names_hour": "DNS questions in the hour",
      "volume.requests_day": "requests of the day",
      "volume.requests_hour": "requests in the hour",
      "volume.file_write_day": "files written on the day",
      "volume.file_write_hour": "files written in the hour",
      "volume.file_rename_day": "files renamed on the day",
      "volume.file_rename_hour": "files renamed in the hour",
      "volume.file_delete_day": "files deleted on the day",
      "volume.file_delete_hour": "files deleted in the hour",
      "volume.mail_day": "mails on the day",
      "volume.mail_hour": "mails in the hour",
    },
    kinds: {
      silence: "the source has fallen silent",
      many_events: "far more events than usual",
      many_logons: "far more logons than usual",
      many_failed_logons: "far more failed logons than usual",
      many_programs: "far more program starts than usual",
      many_bytes_out: "sends far more data than usual",
      many_names: "far more DNS questions than usual",
      many_requests: "far more requests than usual",
      many_file_write: "writes far more files than usual",
      many_file_rename: "renames far more files than usual",
      many_file_delete: "deletes far more files than usual",
      many_mail: "far more mails than usual",
    },
  },
};

const catalogue: Readonly<Record<AnomalyLanguage, Readonly<Record<string, DetectorWords>>>> = {
  de: {
    autoencoder: autoencoderWords.de,
    metrics: metricWords.de,
    ...networkWords.de,
    ...templateWords.de,
    ...de,
  },
  en: {
    autoencoder: autoencoderWords.en,
    metrics: metricWords.en,
    ...networkWords.en,
    ...templateWords.en,
    ...en,
  },
};
const NO_WORDS: DetectorWords = { features: {}, kinds: {} };

/** The words of a detector; none of one that has not been given any. */
export function wordsOf(detector: string, language: AnomalyLanguage): DetectorWords {
  const words = catalogue[language];
  return (Object.hasOwn(words, detector) ? words[detector] : undefined) ?? NO_WORDS;
}
