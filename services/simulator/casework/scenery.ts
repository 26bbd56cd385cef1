// Who and what occurs in the past of the simulated county: machines and accounts that its logs do not have,
// so that nothing of the past touches what detection finds today. Members of the team are opaque ids.
import type { Entity } from "../../../detectors/detector.ts";
import type { Random } from "../random.ts";

const DOMAIN = "lk-heide.example";
const BRANCHES = ["amt", "archiv", "bauhof", "kasse", "schule", "jobcenter", "vhs"] as const;
const SERVERS = ["fach", "druck", "geo", "portal", "akte", "fax"] as const;
const OUTSIDE = ["192.0.2", "198.51.100", "203.0.113"] as const;
const PSEUDONYM_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const PSEUDONYM_LENGTH = 10;
const BRANCH_MACHINES = 40;

/** The team: opaque ids, of nobody. */
export interface Team {
  readonly analysts: readonly string[];
  /** Decides what needs a second person. */
  readonly second: string;
}

export function drawTeam(random: Random): Team {
  const id = () =>
    [random.hex(8), random.hex(4), `4${random.hex(3)}`, `a${random.hex(3)}`, random.hex(12)].join(
      "-",
    );
  return { analysts: [id(), id(), id()], second: id() };
}

/** What an alarm is about. */
export type Place = "client" | "server" | "cloud" | "edge" | "web";

/** Draws the machine, account and address of one alarm; the first one is what it is grouped by. */
export function drawEntities(random: Random, place: Place): Entity[] {
  const account: Entity = { type: "account", value: drawPseudonym(random) };
  const address: Entity = {
    type: "address",
    value: `${random.pick(OUTSIDE)}.${random.int(200, 254)}`,
  };
  const host = (value: string): Entity => ({ type: "host", value: `${value}.${DOMAIN}` });
  const number = String(random.int(1, BRANCH_MACHINES)).padStart(3, "0");
  switch (place) {
    case "client":
      return [host(`${random.pick(BRANCHES)}-pc${number}`), account];
    case "server":
      return [host(`${random.pick(SERVERS)}-srv${random.int(1, 4)}`), account];
    case "cloud":
      return [account, address];
    case "edge":
      return [host(`aussenstelle-fw${random.int(1, 3)}`), address];
    case "web":
      return [host(`portal-web${random.int(1, 3)}`), address];
  }
}

export function drawPseudonym(random: Random): string {
  let text = "konto-";
  for (let left = PSEUDONYM_LENGTH; left > 0; left -= 1)
    text += random.pick([...PSEUDONYM_LETTERS]);
  return text;
}
