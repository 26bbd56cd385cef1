// Which ATT&CK tactics a recorded attack stands for. Recordings are labelled by folder with the tactic
// they were made for, or by ATT&CK technique only; both are turned into the names that rules use today.

// Techniques of the recordings → their tactics (MITRE ATT&CK Enterprise v15, sub-techniques as their
// parents). T0000 is a placeholder of the recorders.
const TACTICS_OF_TECHNIQUE: Readonly<Record<string, string>> = {
  T1003: "credential-access",
  T1012: "discovery",
  T1021: "lateral-movement",
  T1047: "execution",
  T1049: "discovery",
  T1053: "execution persistence privilege-escalation",
  T1055: "defense-evasion privilege-escalation",
  T1059: "execution",
  T1069: "discovery",
  T1078: "defense-evasion persistence privilege-escalation initial-access",
  T1087: "discovery",
  T1098: "persistence privilege-escalation",
  T1110: "credential-access",
  T1112: "defense-evasion persistence",
  T1114: "collection",
  T1123: "collection",
  T1134: "defense-evasion privilege-escalation",
  T1135: "discovery",
  T1190: "initial-access",
  T1203: "execution",
  T1210: "lateral-movement",
  T1218: "defense-evasion",
  T1222: "defense-evasion",
  T1530: "collection",
  T1543: "persistence privilege-escalation",
  T1547: "persistence privilege-escalation",
  T1548: "privilege-escalation defense-evasion",
  T1552: "credential-access",
  T1558: "credential-access",
  T1562: "defense-evasion",
  T1574: "persistence privilege-escalation defense-evasion",
  T1606: "credential-access",
};

const FOLDER_TACTICS = new Set([
  "collection",
  "credential-access",
  "defense-evasion",
  "discovery",
  "execution",
  "lateral-movement",
  "persistence",
  "privilege-escalation",
]);

// Newer releases of ATT&CK split defense evasion; rules carry the old name or the new ones.
const DEFENSE_EVASION = ["defense-evasion", "stealth", "defense-impairment"];

/** What the index says of a recording. */
export interface RecordedAttack {
  /** Where it was published; its folders name the tactic it was made for. */
  readonly source: string;
  /** ATT&CK techniques, `T1003.001`. */
  readonly attack?: readonly string[] | undefined;
}

/**
 * The tactic that a recording was made for, by its folder; where that names none, the tactics of its
 * techniques. Empty where nothing is recorded.
 */
export function recordedTactics(recording: RecordedAttack): ReadonlySet<string> {
  const folders = recording.source.split("/").map((folder) => folder.replaceAll("_", "-"));
  const named = folders.filter((folder) => FOLDER_TACTICS.has(folder));
  return new Set(named.length > 0 ? todaysNames(named) : techniqueTactics(recording));
}

/** The tactics of all recorded techniques: wider than the tactic that the recording was made for. */
export function techniqueTactics(recording: RecordedAttack): ReadonlySet<string> {
  const tactics = (recording.attack ?? []).flatMap((technique) => {
    const [parent = ""] = technique.split(".");
    const known = TACTICS_OF_TECHNIQUE[parent];
    return known === undefined ? [] : known.split(" ");
  });
  return new Set(todaysNames(tactics));
}

function todaysNames(tactics: readonly string[]): string[] {
  return tactics.flatMap((tactic) => (tactic === "defense-evasion" ? DEFENSE_EVASION : [tactic]));
}
