// What is measured of an entity's day: 32 numbers, each of one family. The autoencoder sees every one of them
// twice, against the entity's own past and against its peers'.

/** Families of measures; the one with the largest part of a deviation names the anomaly. */
export type Family = "logons" | "hours" | "programs" | "traffic" | "deeds";

const FAMILIES = {
  logons: "logons",
  failed_logons: "logons",
  logon_hosts: "logons",
  new_hosts: "logons",
  logon_sources: "logons",
  new_sources: "logons",
  methods: "logons",
  new_methods: "logons",
  countries: "logons",
  new_countries: "logons",
  accounts: "logons",
  new_accounts: "logons",
  active_hours: "hours",
  first_hour: "hours",
  last_hour: "hours",
  night: "hours",
  day_off: "hours",
  busiest_hour: "hours",
  programs: "programs",
  distinct_programs: "programs",
  new_programs: "programs",
  rare_programs: "programs",
  connections: "traffic",
  bytes_out: "traffic",
  bytes_in: "traffic",
  destinations: "traffic",
  refused: "traffic",
  names: "traffic",
  requests: "traffic",
  file_changes: "deeds",
  mails: "deeds",
  installed: "deeds",
} as const satisfies Readonly<Record<string, Family>>;

export type Measure = keyof typeof FAMILIES;

/** All measures in the order of their columns. */
// `keys` gives exactly what the table above was written with.
export const MEASURES = Object.keys(FAMILIES) as readonly Measure[];

/** Features of a row: each measure against the own past, then each against the peers'. */
export const FEATURES = 2 * MEASURES.length;

const COLUMNS: ReadonlyMap<Measure, number> = new Map(
  MEASURES.map((name, column) => [name, column]),
);
const HOURS: ReadonlySet<Measure> = new Set(["first_hour", "last_hour"]);

/** The column of a measure. */
export function columnOf(measure: Measure): number {
  return COLUMNS.get(measure) ?? 0;
}

export function familyOf(measure: Measure): Family {
  return FAMILIES[measure];
}

/** The measured amount as it is compared: counts by their logarithm, hours of the day as they are. */
export function levelOf(measure: Measure, amount: number): number {
  return HOURS.has(measure) ? amount / 4 : Math.log1p(amount);
}

/** The amount that has this level; never negative. */
export function amountOf(measure: Measure, level: number): number {
  const amount = HOURS.has(measure) ? level * 4 : Math.expm1(level);
  return Math.max(0, amount);
}
