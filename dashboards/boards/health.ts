// Board 6: how Heidewacht itself is. Processor and memory, disk, what waits inside, whether models drift,
// whether the language model answers, paging and its channels, and the heartbeat.
import type { Board, Panel } from "../board.ts";
import { drawn, quantiles, rate, same, value } from "./parts.ts";

const STATE = {
  path: "/zustand",
  title: { de: "Zustand in der Konsole", en: "State in the console" },
};
const MODELS = {
  path: "/modelle",
  title: { de: "Modelle in der Konsole", en: "Models in the console" },
};
const PAGING = {
  path: "/alarmierung",
  title: { de: "Alarmierung in der Konsole", en: "Paging in the console" },
};
const PROCESS = { by: ["instance"] } as const;

const NUMBERS: readonly Panel[] = [
  drawn("number", {
    ...{ id: "silent-stages", unit: "count", width: 6, height: 5, link: STATE },
    title: { de: "Stufen ohne Herzschlag", en: "Stages without heartbeat" },
    description: {
      de: "Stufen, die länger als eine Minute nicht vorankommen. 0 ist gut.",
      en: "Stages that have not got on for more than a minute. 0 is good.",
    },
    query: {
      kind: "metrics",
      series: [value("heidewacht_stage_silent", { de: "Stufen", en: "Stages" })],
    },
  }),
  drawn("number", {
    ...{ id: "watchdog", unit: "count", width: 6, height: 5, link: STATE },
    title: { de: "Wächter vermisst", en: "Watchdog missed" },
    description: {
      de: "1: Der Wächter hat gefragt und fragt nicht mehr; niemand riefe für uns.",
      en: "1: the watchdog has asked and does not any more; nobody would page for us.",
    },
    query: {
      kind: "metrics",
      series: [
        value("heidewacht_watchdog_silent", { de: "vermisst", en: "missed" }, { combine: "max" }),
      ],
    },
  }),
  drawn("number", {
    ...{ id: "disk", unit: "bytes", width: 6, height: 5, link: STATE },
    title: { de: "Freier Platz für Daten", en: "Free space for data" },
    description: {
      de: "Im Ordner der Daten, am engsten Ort.",
      en: "In the data folder, at the tightest place.",
    },
    query: {
      kind: "metrics",
      series: [value("heidewacht_data_free_bytes", { de: "frei", en: "free" }, { combine: "min" })],
    },
  }),
  drawn("number", {
    ...{ id: "escalations", unit: "count", width: 6, height: 5, link: PAGING },
    title: { de: "Unbeantwortete Alarmierungen", en: "Pages without answer" },
    description: {
      de: "Befunde, zu denen gerufen wird und noch niemand angenommen hat.",
      en: "Findings about which somebody is being called and nobody has accepted.",
    },
    query: {
      kind: "metrics",
      series: [
        value(
          "heidewacht_paging_open_escalations",
          { de: "offen", en: "open" },
          { combine: "max" },
        ),
      ],
    },
  }),
];

const MACHINE: readonly Panel[] = [
  drawn("lines", {
    ...{ id: "cpu", unit: "ratio", width: 12, height: 8, link: STATE },
    title: { de: "Prozessor, Kerne je Prozess", en: "Processor, cores by process" },
    description: {
      de: "1,0 ist ein ganzer Kern.",
      en: "1.0 is one whole core.",
    },
    query: {
      kind: "metrics",
      series: [rate("process_cpu_seconds_total", same("{{instance}}"), PROCESS)],
    },
  }),
  drawn("lines", {
    ...{ id: "memory", unit: "bytes", width: 12, height: 8, link: STATE },
    title: { de: "Speicher je Prozess", en: "Memory by process" },
    description: {
      de: "Belegter Speicher und der Teil, den Objekte darin haben.",
      en: "Resident memory, and the part of it that objects have.",
    },
    query: {
      kind: "metrics",
      series: [
        value("process_resident_memory_bytes", same("{{instance}}"), PROCESS),
        value("nodejs_heap_size_used_bytes", same("{{instance}} Heap"), PROCESS),
      ],
    },
  }),
  drawn("lines", {
    ...{ id: "event-loop", unit: "seconds", width: 12, height: 8, link: STATE },
    title: { de: "Verzug der Ereignisschleife (P99)", en: "Lag of the event loop (P99)" },
    description: {
      de: "Wie lange fällige Arbeit in einem Prozess warten musste.",
      en: "How long due work had to wait within a process.",
    },
    query: {
      kind: "metrics",
      series: [
        value("nodejs_eventloop_lag_p99_seconds", same("{{instance}}"), {
          ...{ ...PROCESS, combine: "max" },
        }),
      ],
    },
  }),
  drawn("lines", {
    ...{ id: "data", unit: "bytes", width: 12, height: 8, link: STATE },
    title: { de: "Platz für Daten", en: "Space for data" },
    description: {
      de: "Frei und gesamt auf dem Datenträger mit dem Ordner der Daten.",
      en: "Free and whole, on the disk with the data folder.",
    },
    query: {
      kind: "metrics",
      series: [
        value(
          "heidewacht_data_free_bytes",
          { de: "frei {{instance}}", en: "free {{instance}}" },
          PROCESS,
        ),
        value(
          "heidewacht_data_disk_bytes",
          { de: "gesamt {{instance}}", en: "whole {{instance}}" },
          PROCESS,
        ),
      ],
    },
  }),
];

const INSIDE: readonly Panel[] = [
  drawn("lines", {
    ...{ id: "queues", unit: "bytes", width: 12, height: 8, link: STATE },
    title: { de: "Rückstand der Stufen", en: "Backlog of stages" },
    description: {
      de: "Bytes, die eine Stufe noch vor sich hat.",
      en: "Bytes that a stage still has before it.",
    },
    query: {
      kind: "metrics",
      series: [value("heidewacht_bus_lag_bytes", same("{{group}}"), { by: ["group"] })],
    },
  }),
  drawn("lines", {
    ...{ id: "pending", unit: "count", width: 12, height: 8, link: STATE },
    title: { de: "Gedächtnis der Detektoren", en: "Memory of detectors" },
    description: {
      de: "Beobachtungen, die auf ihre Zeit warten, und Gruppen, an die sich Detektoren erinnern.",
      en: "Observations that wait for their time, and groups that detectors remember.",
    },
    query: {
      kind: "metrics",
      series: [
        value("heidewacht_baseline_pending", { de: "wartend", en: "waiting" }),
        value("heidewacht_baseline_keys", { de: "Gruppen", en: "groups" }),
      ],
    },
  }),
  drawn("lines", {
    ...{ id: "drift", unit: "ratio", width: 12, height: 8, link: MODELS },
    title: { de: "Drift der Modelle (PSI)", en: "Drift of models (PSI)" },
    description: {
      de: "Wie verschieden die Bewertungen des letzten Tages von denen der Wochen davor sind.",
      en: "How different the scores of the last day are from those of the weeks before.",
    },
    query: {
      kind: "metrics",
      series: [
        value("heidewacht_anomaly_drift_psi", same("{{detector}}"), {
          ...{ by: ["detector"], combine: "max" },
        }),
      ],
    },
  }),
  drawn("lines", {
    ...{ id: "api", unit: "seconds", width: 12, height: 8, link: STATE },
    title: { de: "Antwortzeit der Oberfläche", en: "Time to answer of the console" },
    description: {
      de: "Median und 99. Perzentil aller Aufrufe der API.",
      en: "Median and 99th percentile of all requests of the API.",
    },
    query: { kind: "metrics", series: quantiles("heidewacht_api_request_seconds", [0.5, 0.99]) },
  }),
];

const LLM: readonly Panel[] = [
  drawn("lines", {
    ...{ id: "llm-calls", unit: "count", width: 12, height: 8, link: STATE },
    title: { de: "Sprachmodell: Aufrufe je Minute", en: "Language model: calls a minute" },
    description: {
      de: "Nach Ausgang. Fällt das Sprachmodell aus, steht überall die Zusammenfassung aus der Vorlage.",
      en: "By outcome. Where the model is away, the template's summary stands everywhere.",
    },
    query: {
      kind: "metrics",
      series: [
        rate("heidewacht_llm_calls_total", same("{{outcome}}"), { by: ["outcome"], factor: 60 }),
        value("heidewacht_llm_waiting", { de: "wartend", en: "waiting" }),
      ],
    },
  }),
  drawn("lines", {
    ...{ id: "llm-time", unit: "seconds", width: 12, height: 8, link: STATE },
    title: { de: "Sprachmodell: Dauer", en: "Language model: duration" },
    description: {
      de: "Median und 99. Perzentil der beantworteten Aufrufe.",
      en: "Median and 99th percentile of answered calls.",
    },
    query: { kind: "metrics", series: quantiles("heidewacht_llm_call_seconds", [0.5, 0.99]) },
  }),
];

const CHANNELS: readonly Panel[] = [
  drawn("lines", {
    ...{ id: "paging-lateness", unit: "seconds", width: 12, height: 8, link: PAGING },
    title: { de: "Alarmierung: Verzug (P99)", en: "Paging: lateness (P99)" },
    description: {
      de: "Von der Fälligkeit bis ein Kanal die Alarmierung angenommen hat.",
      en: "From due until a channel had taken the page.",
    },
    query: {
      kind: "metrics",
      series: quantiles("heidewacht_paging_lateness_seconds", [0.99], {
        ...{ by: ["channel"], label: same("{{channel}}") },
      }),
    },
  }),
  drawn("lines", {
    ...{ id: "paging-failures", unit: "count", width: 12, height: 8, link: PAGING },
    title: { de: "Alarmierung: Fehlversuche je Minute", en: "Paging: failures a minute" },
    description: { de: "Nach Kanal und Art des Fehlers.", en: "By channel and kind of fault." },
    query: {
      kind: "metrics",
      series: [
        rate("heidewacht_paging_failures_total", same("{{channel}} {{kind}}"), {
          ...{ by: ["channel", "kind"], factor: 60 },
        }),
      ],
    },
  }),
  drawn("lines", {
    ...{ id: "proof-age", unit: "seconds", width: 24, height: 8, link: PAGING },
    title: { de: "Alter des letzten Lebenszeichens der Kanäle", en: "Age of channels' last proof" },
    description: {
      de: "Wie lange her ist, dass ein Kanal etwas annahm oder auf eine Probe antwortete.",
      en: "How long ago a channel took something or answered a probe.",
    },
    query: {
      kind: "metrics",
      series: [
        value("heidewacht_paging_channel_proof_age_seconds", same("{{channel}}"), {
          ...{ by: ["channel"], combine: "min" },
        }),
      ],
    },
  }),
];

export const HEALTH_BOARD: Board = {
  id: "health",
  title: { de: "6 Heidewacht selbst", en: "6 Heidewacht itself" },
  description: {
    de: "Prozessor, Speicher, Platz, Rückstände, Drift der Modelle, Sprachmodell, Alarmierung und Herzschlag.",
    en: "Processor, memory, space, backlogs, drift of models, language model, paging and heartbeat.",
  },
  range: "24h",
  panels: [...NUMBERS, ...MACHINE, ...INSIDE, ...LLM, ...CHANNELS],
};
