// Alert rules for Heidewacht's own health. They are for whoever runs it; findings page people by themselves
// (services/notify). Each names what to do, in docs/betrieb.md.
import type { MetricSeries } from "./board.ts";

export interface Alert {
  /** Also its uid in Grafana, after `heidewacht-`. */
  readonly id: string;
  readonly title: string;
  /** One sentence for whoever is called; may name labels: `{{ $labels.source }}`. */
  readonly summary: string;
  /** The label stands for a text that is always there. */
  readonly series: Omit<MetricSeries, "label">;
  /** Over which counters are looked at; of counters only. */
  readonly window?: string;
  readonly above?: number;
  readonly below?: number;
  readonly forMinutes: number;
  readonly severity: "critical" | "warning";
  /** Whether it also means something that nobody tells the figure. */
  readonly isAlarmingWithoutData?: boolean;
  /** Heading in docs/betrieb.md. */
  readonly heading: string;
}

const DAY_S = 86_400;
const GIB = 1024 ** 3;

const SOURCES: readonly Alert[] = [
  {
    ...{ id: "source-silent", title: "Quelle schweigt", severity: "warning", forMinutes: 5 },
    summary: "{{ $labels.source }} ({{ $labels.tenant }}) schweigt länger als üblich.",
    series: {
      ...{ metric: "heidewacht_source_silent", how: "value", combine: "max" },
      by: ["tenant", "source"],
    },
    ...{ above: 0, heading: "Alarm: Quelle schweigt" },
  },
  {
    ...{ id: "source-lag", title: "Quelle liefert spät", severity: "warning", forMinutes: 15 },
    summary: "{{ $labels.source }} ({{ $labels.tenant }}) liefert über 15 Minuten zu spät.",
    series: {
      ...{ metric: "heidewacht_source_lag_seconds", how: "value", combine: "max" },
      by: ["tenant", "source"],
    },
    ...{ above: 900, heading: "Alarm: Quelle liefert spät" },
  },
  {
    ...{ id: "dead-letters", title: "Zeilen nicht lesbar", severity: "warning", forMinutes: 0 },
    summary: "Über 100 Zeilen von {{ $labels.tenant }} waren in einer Viertelstunde nicht lesbar.",
    series: { metric: "heidewacht_detect_dead_letters_total", how: "increase", by: ["tenant"] },
    ...{ window: "15m", above: 100, heading: "Alarm: Zeilen nicht lesbar" },
  },
  {
    ...{ id: "dropped", title: "Zeilen verloren", severity: "critical", forMinutes: 0 },
    summary: "Über {{ $labels.input }} gingen in der letzten Viertelstunde Zeilen verloren.",
    series: { metric: "heidewacht_ingest_dropped_total", how: "increase", by: ["input"] },
    ...{ window: "15m", above: 0, heading: "Alarm: Zeilen verloren" },
  },
];

const PROCESSES: readonly Alert[] = [
  {
    ...{ id: "backlog", title: "Rückstand wächst", severity: "warning", forMinutes: 10 },
    summary: "{{ $labels.group }} hat über 100.000 Einträge von {{ $labels.tenant }} vor sich.",
    series: { metric: "heidewacht_bus_lag_records", how: "value", by: ["tenant", "group"] },
    ...{ above: 100_000, heading: "Alarm: Rückstand wächst" },
  },
  {
    ...{ id: "disk", title: "Platz wird knapp", severity: "critical", forMinutes: 5 },
    summary: "Auf {{ $labels.instance }} sind keine 10 GiB mehr frei.",
    series: {
      ...{ metric: "heidewacht_data_free_bytes", how: "value", combine: "min" },
      by: ["instance"],
    },
    ...{ below: 10 * GIB, heading: "Alarm: Platz wird knapp" },
  },
  {
    ...{ id: "heartbeat", title: "Kein Herzschlag", severity: "critical", forMinutes: 2 },
    summary: "{{ $labels.stage }} kommt nicht voran, oder kein Prozess antwortet.",
    series: { metric: "heidewacht_stage_silent", how: "value", combine: "max", by: ["stage"] },
    ...{ above: 0, isAlarmingWithoutData: true, heading: "Alarm: Kein Herzschlag" },
  },
  {
    ...{ id: "watchdog", title: "Wächter fragt nicht mehr", severity: "critical", forMinutes: 0 },
    summary: "Der Wächter fragt nicht mehr; fiele Heidewacht aus, riefe niemand.",
    series: { metric: "heidewacht_watchdog_silent", how: "value", combine: "min" },
    ...{ above: 0, heading: "Alarm: Wächter fragt nicht mehr" },
  },
  {
    ...{ id: "llm-away", title: "Sprachmodell antwortet nicht", severity: "warning" },
    ...{ forMinutes: 10, summary: "Das Sprachmodell antwortet seit zehn Minuten nicht." },
    series: { metric: "heidewacht_llm_circuit_open", how: "value", combine: "max" },
    ...{ above: 0, heading: "Alarm: Sprachmodell antwortet nicht" },
  },
  {
    ...{ id: "drift", title: "Modell driftet", severity: "warning", forMinutes: 60 },
    summary:
      "{{ $labels.detector }} ({{ $labels.tenant }}) bewertet anders als in den Wochen davor.",
    series: {
      ...{ metric: "heidewacht_anomaly_drift", how: "value", combine: "max" },
      by: ["tenant", "detector"],
    },
    ...{ above: 0, heading: "Alarm: Modell driftet" },
  },
];

const PAGING: readonly Alert[] = [
  {
    ...{ id: "channel-circuit", title: "Kanal nimmt nichts an", severity: "critical" },
    ...{ forMinutes: 5, summary: "{{ $labels.channel }} nimmt keine Alarmierungen an." },
    series: {
      ...{ metric: "heidewacht_paging_circuit", how: "value", combine: "min", by: ["channel"] },
    },
    ...{ above: 1, heading: "Alarm: Kanal nimmt nichts an" },
  },
  {
    ...{ id: "channel-proof", title: "Kanal ohne Nachweis", severity: "warning", forMinutes: 60 },
    summary: "{{ $labels.channel }} hat seit 35 Tagen kein Lebenszeichen gegeben.",
    series: {
      ...{ metric: "heidewacht_paging_channel_proof_age_seconds", how: "value", combine: "min" },
      by: ["channel"],
    },
    ...{ above: 35 * DAY_S, heading: "Alarm: Kanal ohne Nachweis" },
  },
  {
    ...{ id: "paging-store", title: "Alarmierung ohne Ablage", severity: "critical" },
    ...{ forMinutes: 2, summary: "Die Ablage fehlt; kein Schritt der Alarmierung kann beginnen." },
    series: { metric: "heidewacht_paging_store_away", how: "value", combine: "max" },
    ...{ above: 0, heading: "Alarm: Alarmierung ohne Ablage" },
  },
];

export const ALERTS: readonly Alert[] = [...SOURCES, ...PROCESSES, ...PAGING];
