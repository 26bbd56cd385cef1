// Weeks of logons and program starts of an invented county, drawn from a seed: offices with their servers and
// programs, a control room in shifts, a help desk that is everywhere, on-call duty, holidays, travels, new
// colleagues; and in the last days attacks of eight kinds. Nothing in it is taken from recorded data.
import type { LogonActivity, ProcessActivity } from "../../../../detectors/anomaly/activity.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** A Monday in February: no public holiday and no change of clocks in the weeks that follow. */
const BEGIN = Date.UTC(2026, 1, 2);

const ATTACK_KINDS = [
  "mass_access",
  "odd_hour",
  "rare_process",
  "new_hosts",
  "impossible_travel",
  "spray_then_success",
  "peer_deviation",
  "dormant",
] as const;
export type AttackKind = (typeof ATTACK_KINDS)[number];

export interface CountyOptions {
  readonly accounts: number;
  readonly days: number;
  /** Attacks fall into the last days, so many of each kind. */
  readonly attackDays: number;
  readonly attacksOfKind: number;
}

export interface County {
  /** In the order (time, id). */
  readonly activities: readonly (LogonActivity | ProcessActivity)[];
  /** `day:account` → kind. */
  readonly attacks: ReadonlyMap<string, AttackKind>;
}

interface Colleague {
  readonly account: string;
  readonly office: number;
  readonly desk: string;
  readonly role: "office" | "shift" | "helpdesk" | "admin" | "newcomer";
  /** Days of absence. */
  readonly away: ReadonlySet<number>;
  readonly from: number;
  readonly busy: number;
  readonly startHour: number;
  readonly remote: number;
  readonly travels: number;
}

const OFFICES = ["schule", "jugend", "kasse", "wald", "strasse", "wahl", "leitstelle", "edv"];
const SHIFT = 6;
const EDV = 7;
const COMMON_HOSTS = ["ablage-1", "ablage-2", "post", "anmeldung-1", "anmeldung-2", "drucker"];
const COMMON_PROGRAMS = ["browser.exe", "text.exe", "tabelle.exe", "mail.exe", "pdf.exe"];
const TOOLS = ["fernwartung.exe", "skript.exe", "netzschau.exe"];
const ODD_TOOLS = ["dumper.exe", "tunnel.exe", "kopierer.exe", "rechte.exe"];
const COUNTRIES = ["AT", "NL", "DK"];
const FAR = ["US", "BR", "VN", "RU", "NG"];

/** A county and what happens in it. */
export function drawCounty(seed: number, options: CountyOptions): County {
  const random = randomOf(seed);
  const pick = <T>(values: readonly T[]): T => {
    const value = values[Math.floor(random() * values.length)];
    if (value === undefined) throw new Error("nothing to choose from");
    return value;
  };
  const activities: (LogonActivity | ProcessActivity)[] = [];
  const attacks = new Map<string, AttackKind>();
  const base = (account: string, office: number, time: number) => ({
    ...{ id: String(activities.length).padStart(9, "0"), time, source: "county" },
    ...{ account, peers: OFFICES[office] ?? "" },
  });
  const logon = (
    { account, office }: { account: string; office: number },
    time: number,
    host: string,
    from: string,
    more: Partial<LogonActivity> = {},
  ) => {
    activities.push({
      ...{ ...base(account, office, time), kind: "logon", host, from, succeeded: true },
      ...{ method: "kerberos", country: undefined, ...more },
    });
  };
  const start = ({ account, office, desk }: Colleague, time: number, process: string) => {
    const parent = undefined;
    activities.push({
      ...base(account, office, time),
      kind: "process",
      host: desk,
      process,
      parent,
    });
  };
  const serversOf = (office: number) => [0, 1, 2, 3].map((at) => `${OFFICES[office]}-fach-${at}`);
  const programsOf = (office: number) => [0, 1, 2].map((at) => `${OFFICES[office]}${at}.exe`);

  const staff = drawStaff(random, options);
  const workDay = (one: Colleague, day: number, isShort = false) => {
    const begin = BEGIN + day * DAY_MS + one.startHour * HOUR_MS + (random() - 0.5) * 2 * HOUR_MS;
    const length = (isShort ? 2 : 8) * HOUR_MS;
    const remote = random() < one.remote;
    if (remote) {
      const travels = random() < one.travels;
      const address = `198.51.${Math.floor(random() * 100)}.${Math.floor(random() * 250)}`;
      const country = travels ? pick(COUNTRIES) : "DE-NI";
      logon(one, begin, "vpn", address, { method: "vpn", country });
      if (random() < 0.3)
        logon(one, begin + 4 * HOUR_MS, "vpn", address, { method: "vpn", country });
    } else logon(one, begin, one.desk, one.desk, { method: "interactive" });
    const count = Math.round(one.busy * (isShort ? 0.4 : 1) * (0.6 + 0.8 * random()));
    for (let at = 0; at < count; at += 1) {
      const time = begin + random() * length;
      if (random() < 0.5) {
        const tool = one.office === EDV && random() < 0.06;
        const own = random() < 0.4;
        start(one, time, pick(tool ? TOOLS : own ? programsOf(one.office) : COMMON_PROGRAMS));
      } else {
        const host = random() < 0.3 ? pick(serversOf(one.office)) : pick(COMMON_HOSTS);
        logon(one, time, host, one.desk, { succeeded: random() > 0.03 });
      }
    }
    if (one.role === "helpdesk") {
      for (let at = 0; at < 4; at += 1)
        logon(one, begin + random() * length, pick(staff).desk, one.desk, { method: "remote" });
    }
    // Now and then somebody helps in another office, and works with what is used there.
    if (random() < 0.004) {
      const office = Math.floor(random() * SHIFT);
      logon(one, begin + random() * length, pick(serversOf(office)), one.desk);
    }
    if (random() < 0.01) logon(one, begin + 10 * HOUR_MS, pick(COMMON_HOSTS), one.desk);
  };

  for (let day = 0; day < options.days; day += 1) {
    const isOff = day % 7 >= 5;
    for (const one of staff) {
      if (day < one.from || one.away.has(day)) continue;
      const works =
        one.role === "shift"
          ? random() < 0.6
          : isOff
            ? random() < (one.office === EDV ? 0.1 : 0.008)
            : random() < 0.9;
      if (works) workDay(one, day, isOff && one.role !== "shift");
      if (one.office === EDV && random() < 0.05) {
        const night = BEGIN + day * DAY_MS + (20 + random() * 3) * HOUR_MS;
        logon(one, night, pick(COMMON_HOSTS), one.desk);
      }
    }
  }

  const attack = (kind: AttackKind, one: Colleague, day: number) => {
    const midnight = BEGIN + day * DAY_MS;
    const office = () => midnight + (8 + random() * 7) * HOUR_MS;
    const others = (count: number) => {
      const offices = [0, 1, 2, 3, 4, 5].filter((other) => other !== one.office);
      return Array.from({ length: count }, () => pick(serversOf(pick(offices))));
    };
    attacks.set(`${day}:${one.account}`, kind);
    if (kind === "mass_access") {
      const count = 60 + Math.floor(random() * 80);
      for (let at = 0; at < count; at += 1) logon(one, office(), pick(COMMON_HOSTS), one.desk);
    } else if (kind === "odd_hour") {
      for (let at = 0; at < 3; at += 1)
        logon(one, midnight + (1 + 2 * random()) * HOUR_MS, pick(COMMON_HOSTS), one.desk);
    } else if (kind === "rare_process") {
      start(one, office(), pick(ODD_TOOLS));
      start(one, office(), pick([...ODD_TOOLS, ...TOOLS]));
    } else if (kind === "new_hosts") {
      for (const host of others(5)) logon(one, office(), host, one.desk);
    } else if (kind === "peer_deviation") {
      for (const host of others(3)) logon(one, office(), host, one.desk);
    } else if (kind === "impossible_travel") {
      const time = office();
      const more = { method: "vpn", country: "DE-NI" };
      logon(one, time, "vpn", "198.51.100.7", more);
      const later = time + (20 + random() * 60) * MINUTE_MS;
      logon(one, later, "vpn", `203.0.113.${day}`, { ...more, country: pick(FAR) });
    } else if (kind === "spray_then_success") {
      const desk = pick(staff).desk;
      const time = office();
      for (let at = 0; at < 15; at += 1) {
        const victim = pick(staff);
        const more = { succeeded: false, method: "ntlm" };
        logon(victim, time + at * MINUTE_MS, "anmeldung-1", desk, more);
      }
      logon(one, time + 17 * MINUTE_MS, "anmeldung-1", desk, { method: "ntlm" });
    } else {
      const account = `alt-${day}-${one.account}`;
      attacks.delete(`${day}:${one.account}`);
      attacks.set(`${day}:${account}`, kind);
      const sleeper = { account, office: one.office };
      // Half of them were active once, in the first days.
      if (random() < 0.5) logon(sleeper, BEGIN + 10 * HOUR_MS, "ablage-1", "dienst-1");
      logon(sleeper, office(), pick(COMMON_HOSTS), pick(staff).desk, { method: "ntlm" });
    }
  };
  const victims = staff.filter(({ role, from }) => role === "office" && from === 0);
  for (const kind of ATTACK_KINDS) {
    for (let at = 0; at < options.attacksOfKind; at += 1) {
      const day = options.days - 1 - Math.floor(random() * options.attackDays);
      const one = pick(victims);
      if (!attacks.has(`${day}:${one.account}`)) attack(kind, one, day);
    }
  }
  activities.sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
  return { activities, attacks };
}

function drawStaff(random: () => number, options: CountyOptions): Colleague[] {
  return Array.from({ length: options.accounts }, (_, at): Colleague => {
    const draw = random();
    const isShift = draw < 0.06;
    const isEdv = draw >= 0.06 && draw < 0.13;
    const office = isShift ? SHIFT : isEdv ? EDV : Math.floor(random() * SHIFT);
    const away = new Set<number>();
    if (random() < 0.25) {
      const begin = Math.floor(random() * options.days);
      for (let day = begin; day < begin + 7 + Math.floor(random() * 14); day += 1) away.add(day);
    }
    const isNew = random() < 0.03;
    return {
      ...{ account: `konto-${at}`, office, desk: `platz-${at}`, away },
      role: isShift
        ? "shift"
        : isEdv
          ? random() < 0.3
            ? "helpdesk"
            : "admin"
          : isNew
            ? "newcomer"
            : "office",
      from: isNew ? Math.floor(random() * options.days) : 0,
      ...{
        busy: 10 + random() * 20,
        startHour: isShift ? ([5, 13, 21][at % 3] ?? 5) : 6 + random() * 2,
      },
      ...{ remote: random() < 0.3 ? 0.4 : 0.03, travels: random() < 0.1 ? 0.1 : 0.005 },
    };
  });
}

/** xorshift (Marsaglia 2003), 0 ≤ … < 1. */
function randomOf(seed: number): () => number {
  let x = Math.imul(seed + 1, 0x9e3779b1) >>> 0 || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    x >>>= 0;
    return x / 2 ** 32;
  };
}
