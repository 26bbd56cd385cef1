// Short names of time zones, as network devices write them behind a time.

/** The IANA zone of a name used in Europe, of a fixed offset; undefined for any other name. */
export function zoneOfName(name: string): string | undefined {
  return ZONES.get(name);
}

const ZONES: ReadonlyMap<string, string> = new Map([
  ["UTC", "UTC"],
  ["GMT", "UTC"],
  ["Z", "UTC"],
  ["WET", "UTC"],
  ["CET", "Etc/GMT-1"],
  ["MEZ", "Etc/GMT-1"],
  ["WEST", "Etc/GMT-1"],
  ["BST", "Etc/GMT-1"],
  ["CEST", "Etc/GMT-2"],
  ["MESZ", "Etc/GMT-2"],
  ["EET", "Etc/GMT-2"],
  ["EEST", "Etc/GMT-3"],
]);
