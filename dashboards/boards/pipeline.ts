// Board 5: what arrives, how late, what is refused or not understood, how fast detection answers, and which
// sources are silent. Reads /metrics through Prometheus, or the console's own memory of them.
import type { Board, Panel } from "../board.ts";
import { drawn, quantiles, rate, same, value } from "./parts.ts";

const SOURCES = {
  path: "/quellen",
  title: { de: "Quellen in der Konsole", en: "Sources in the console" },
};
const PER_MINUTE = 60;

const RATES: readonly Panel[] = [
  drawn("lines", {
    ...{ id: "received", unit: "perSecond", width: 12, height: 8, link: SOURCES },
    title: { de: "Empfangene Einträge, nach Quelle", en: "Records received, by source" },
    description: {
      de: "Einträge je Sekunde, die dauerhaft übernommen sind.",
      en: "Records a second that were made durable.",
    },
    query: {
      kind: "metrics",
      series: [rate("heidewacht_ingest_records_total", same("{{source}}"), { by: ["source"] })],
    },
  }),
  drawn("lines", {
    ...{ id: "bytes", unit: "bytes", width: 12, height: 8, link: SOURCES },
    title: { de: "Empfangene Bytes, nach Quelle", en: "Bytes received, by source" },
    description: { de: "Bytes je Sekunde.", en: "Bytes a second." },
    query: {
      kind: "metrics",
      series: [rate("heidewacht_ingest_bytes_total", same("{{source}}"), { by: ["source"] })],
    },
  }),
  drawn("lines", {
    ...{ id: "detected", unit: "perSecond", width: 12, height: 8 },
    title: { de: "Ausgewertete Ereignisse, nach Format", en: "Events matched, by format" },
    description: {
      de: "Ereignisse je Sekunde, die gelesen und gegen die Regeln geprüft sind.",
      en: "Events a second that were read and matched against the rules.",
    },
    query: {
      kind: "metrics",
      series: [rate("heidewacht_detect_events_total", same("{{format}}"), { by: ["format"] })],
    },
  }),
  drawn("lines", {
    ...{ id: "signals", unit: "count", width: 12, height: 8 },
    title: { de: "Treffer je Minute", en: "Hits a minute" },
    description: { de: "Treffer aller Detektoren.", en: "Hits of all detectors." },
    query: {
      kind: "metrics",
      series: [
        rate(
          "heidewacht_detect_signals_total",
          { de: "Treffer", en: "Hits" },
          { factor: PER_MINUTE },
        ),
      ],
    },
  }),
];

const LATENESS: readonly Panel[] = [
  drawn("lines", {
    ...{ id: "latency", unit: "seconds", width: 12, height: 8 },
    title: { de: "Zeit vom Empfang bis zum Treffer", en: "Time from receipt to hit" },
    description: {
      de: "Median und 99. Perzentil; Korrelationen warten planmäßig auf späte Ereignisse.",
      en: "Median and 99th percentile; correlations wait for late events on purpose.",
    },
    query: {
      kind: "metrics",
      series: quantiles("heidewacht_detect_delay_seconds", [0.5, 0.99]),
    },
  }),
  drawn("lines", {
    ...{ id: "lag", unit: "count", width: 12, height: 8 },
    title: { de: "Rückstand in der Warteschlange", en: "Backlog of the bus" },
    description: {
      de: "Einträge, die eine Stufe noch nicht verarbeitet hat.",
      en: "Records that a stage has not processed yet.",
    },
    query: {
      kind: "metrics",
      series: [
        value("heidewacht_bus_lag_records", same("{{group}}"), { by: ["group"] }),
        value("heidewacht_ingest_kafka_lag_records", same("Kafka {{topic}}"), { by: ["topic"] }),
      ],
    },
  }),
  drawn("lines", {
    ...{ id: "source-lag", unit: "seconds", width: 12, height: 8, link: SOURCES },
    title: { de: "Verzug der Quellen", en: "Lag of sources" },
    description: {
      de: "Median von Empfang minus Zeit des Ereignisses, über die letzten Minuten.",
      en: "Median of receipt minus event time over the last minutes.",
    },
    query: {
      kind: "metrics",
      series: [
        value("heidewacht_source_lag_seconds", same("{{source}}"), {
          ...{ by: ["source"], combine: "max" },
        }),
      ],
    },
  }),
  drawn("lines", {
    ...{ id: "skew", unit: "seconds", width: 12, height: 8, link: SOURCES },
    title: { de: "Uhren, die vorgehen", en: "Clocks that are fast" },
    description: {
      de: "Um wie viel die Uhr einer Quelle vor unserer liegt; 0, wo nichts auffällt.",
      en: "How far a source's clock is ahead of ours; 0 where nothing wrong is seen.",
    },
    query: {
      kind: "metrics",
      series: [
        value("heidewacht_source_clock_skew_seconds", same("{{source}}"), {
          ...{ by: ["source"], combine: "max" },
        }),
      ],
    },
  }),
];

const FAULTS: readonly Panel[] = [
  drawn("lines", {
    ...{ id: "refused", unit: "count", width: 12, height: 8, link: SOURCES },
    title: { de: "Abgewiesen und verloren, je Minute", en: "Refused and lost, a minute" },
    description: {
      de: "Abgewiesenes weiß der Absender; Verlorenes konnte niemandem gesagt werden.",
      en: "The sender knows of what was refused; of what was lost nobody could be told.",
    },
    query: {
      kind: "metrics",
      series: [
        rate(
          "heidewacht_ingest_rejected_total",
          { de: "abgewiesen: {{reason}}", en: "refused: {{reason}}" },
          { by: ["reason"], factor: PER_MINUTE },
        ),
        rate(
          "heidewacht_ingest_dropped_total",
          { de: "verloren: {{input}}", en: "lost: {{input}}" },
          { by: ["input"], factor: PER_MINUTE },
        ),
        rate(
          "heidewacht_ingest_kafka_lost_records_total",
          { de: "in Kafka gelöscht: {{topic}}", en: "deleted in Kafka: {{topic}}" },
          { by: ["topic"], factor: PER_MINUTE },
        ),
      ],
    },
  }),
  drawn("lines", {
    ...{ id: "dead-letters", unit: "count", width: 12, height: 8, link: SOURCES },
    title: { de: "Nicht lesbar, je Minute", en: "Not readable, a minute" },
    description: {
      de: "Einträge, die kein Format versteht; sie liegen verschlüsselt bereit und können neu gelesen werden.",
      en: "Records that no format understands; they are kept sealed and can be read anew.",
    },
    query: {
      kind: "metrics",
      series: [
        rate("heidewacht_detect_dead_letters_total", same("{{reason}}"), {
          ...{ by: ["reason"], factor: PER_MINUTE },
        }),
      ],
    },
  }),
  drawn("lines", {
    ...{ id: "parse-share", unit: "share", width: 12, height: 8, link: SOURCES },
    title: { de: "Anteil lesbarer Einträge, nach Quelle", en: "Readable share, by source" },
    description: {
      de: "Fällt der Anteil, hat sich meist das Format der Quelle geändert.",
      en: "Where the share falls, the source's format has usually changed.",
    },
    query: {
      kind: "metrics",
      series: [
        value("heidewacht_source_parse_share", same("{{source}}"), {
          ...{ by: ["source"], combine: "min" },
        }),
      ],
    },
  }),
  drawn("lines", {
    ...{ id: "silent", unit: "count", width: 12, height: 8, link: SOURCES },
    title: { de: "Stille Quellen", en: "Silent sources" },
    description: {
      de: "1, solange eine Quelle länger schweigt als für sie üblich.",
      en: "1 while a source is silent for longer than it usually is.",
    },
    query: {
      kind: "metrics",
      series: [
        value("heidewacht_source_silent", same("{{source}}"), {
          ...{ by: ["source"], combine: "max" },
        }),
      ],
    },
  }),
];

export const PIPELINE_BOARD: Board = {
  id: "pipeline",
  title: { de: "5 Quellen und Verarbeitung", en: "5 Sources and pipeline" },
  description: {
    de: "Was ankommt, wie spät, was abgewiesen oder nicht verstanden wird, wie schnell die Erkennung antwortet, welche Quellen schweigen.",
    en: "What arrives, how late, what is refused or not understood, how fast detection answers, which sources are silent.",
  },
  range: "24h",
  panels: [...RATES, ...LATENESS, ...FAULTS],
};
