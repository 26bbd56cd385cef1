// Names of ATT&CK techniques by their ids (enterprise matrix, version 18.1, with those that were revoked,
// because rules still carry them). © The MITRE Corporation; reproduced with its permission.
import techniques from "./attack-techniques.json" with { type: "json" };

const NAMES: ReadonlyMap<string, string> = new Map(Object.entries(techniques));

/** `T1059.001` → `Command and Scripting Interpreter: PowerShell`; undefined for what is not known. */
export function techniqueName(id: string): string | undefined {
  const key = id.toUpperCase();
  const name = NAMES.get(key);
  const parent = key.includes(".") ? NAMES.get(key.split(".")[0] ?? "") : undefined;
  return name === undefined || parent === undefined ? name : `${parent}: ${name}`;
}
