// English texts of the page of the state.
import type { stateDe } from "./state-de.ts";

export const stateEn: typeof stateDe = {
  title: "Status",
  throughput: "Throughput",
  eventsPerSecond: "Events per second",
  lag: "Lag",
  sources: "Data sources",
  source: "Source",
  events: "Events",
  rate: "per second",
  lastEvent: "Last event",
  failed: "Unreadable",
  noSources: "No data has come in yet.",
  version: "Version",
  uptime: "Running since",
  chart: "One value every five seconds, since this page was opened",
  figures: "Figures",
  processes: "Processes",
  process: "Process",
  services: "Services",
  seen: "Last heard of",
  silent: "is silent",
  reached: "Processed until",
  noLag: "none",
  watchdog: "Watchdog",
  asked: "Asked by the watchdog",
  neverAsked: "not watched",
  askedAgo: (ago) => `asked ${ago}`,
  unwatched: (count, all) => `${count} of ${all} processes not watched`,
  paging: "Paging",
  stuckPages: (count) =>
    count === 1
      ? "1 finding can't be paged: program fault"
      : `${count} findings can't be paged: program fault`,
  waiting: "What waits to be processed",
  stage: "Service",
  records: "Records",
  stages: { detect: "Detection", baseline: "Correlation", triage: "Folding into findings" },
};
