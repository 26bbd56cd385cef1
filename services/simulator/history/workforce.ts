// Who of the county's accounts is at work on a day, at which machine and from where: leave, illness, work at
// home, new desks and machines. The IT department is always there, since administrators are taken from it.
import type { County, Host, Staff } from "../county/county.ts";
import { createRandom, type Random } from "../random.ts";

/** A day of a history. */
export interface Today {
  /** Days since 1970. */
  readonly number: number;
  /** Nobody is expected at a desk. */
  readonly isOff: boolean;
}

/** First so many members of staff belong to the IT department. */
const INFORMATICS = 12;
const DAYS_OF_WEEK = 7;
const PRESENT_SHARE = 0.88;
/** Who comes in on a day off. */
const OFF_SHARE = 0.02;
/** A week in so many is the first one of a leave of one to three weeks. */
const LEAVE_SHARE = 0.045;
const LEAVE_WEEKS_MAX = 3;
/** A machine lives about this long, and an account that is given up stands empty for a while. */
const MACHINE_DAYS = 1200;
const ACCOUNT_DAYS = 1500;
const VACANT_DAYS = 40;
const HOME_SHARE = 0.5;
/** A provider gives a new address after so many days. */
const HOME_ADDRESS_DAYS = 9;

/** The county as it is on a day, and those who are at work. */
export function workforceOf(
  county: County,
  today: Today,
): { readonly county: County; readonly present: readonly Staff[] } {
  const staff: Staff[] = [];
  const present: Staff[] = [];
  for (const [index, member] of county.staff.entries()) {
    const own = (what: string) => createRandom(`${county.seed}/${what}/${member.account.name}`);
    const isInformatics = index < INFORMATICS;
    if (!isInformatics && isVacant(own("tenure"), today)) continue;
    const now: Staff = {
      ...member,
      host: isInformatics ? member.host : machineOf(member.host, own("machine"), today),
      homeAddress: homeOf(member, own, today),
    };
    // Administrators are known by their desk: it has to stay the same object.
    const known = isInformatics ? member : now;
    staff.push(known);
    if (isPresent(own, today)) present.push(known);
  }
  // Somebody always is: activities need someone.
  if (present.length === 0) present.push(...staff.slice(0, 1));
  return { county: { ...county, staff }, present };
}

type Own = (what: string) => Random;

function isVacant(own: Random, { number }: Today): boolean {
  return (number + own.int(0, ACCOUNT_DAYS - 1)) % ACCOUNT_DAYS < VACANT_DAYS;
}

function isPresent(own: Own, { number, isOff }: Today): boolean {
  const week = Math.floor((number + 3) / DAYS_OF_WEEK);
  for (let begin = week - LEAVE_WEEKS_MAX + 1; begin <= week; begin += 1) {
    const leave = own(`leave/${begin}`);
    if (leave.chance(LEAVE_SHARE) && begin + leave.int(1, LEAVE_WEEKS_MAX) > week) return false;
  }
  return own(`day/${number}`).chance(isOff ? OFF_SHARE : PRESENT_SHARE);
}

/** Machines are replaced one by one; two numbers behind each are free. */
function machineOf(host: Host, own: Random, { number }: Today): Host {
  const generation = Math.floor((number + own.int(0, MACHINE_DAYS - 1)) / MACHINE_DAYS) % 3;
  if (generation === 0) return host;
  const digits = /\d+$/.exec(host.name)?.[0] ?? "";
  const name = `${host.name.slice(0, -digits.length)}${Number(digits) + generation}`;
  const [first, second, third, last] = host.ip.split(".");
  return {
    ...host,
    name,
    fqdn: host.fqdn.replace(host.name.toLowerCase(), name.toLowerCase()),
    ip: `${first}.${second}.${Number(third) + 16 * generation}.${last}`,
    sid: `${host.sid}${generation}`,
  };
}

function homeOf(member: Staff, own: Own, { number }: Today): string | undefined {
  if (member.homeAddress === undefined) return undefined;
  if (!own(`home/${number}`).chance(HOME_SHARE)) return undefined;
  const line = own("line");
  const lease = Math.floor((number + line.int(0, HOME_ADDRESS_DAYS - 1)) / HOME_ADDRESS_DAYS);
  const net = member.homeAddress.slice(0, member.homeAddress.lastIndexOf("."));
  return `${net}.${line.fork(String(lease)).int(1, 199)}`;
}
