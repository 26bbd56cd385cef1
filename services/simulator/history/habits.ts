// What each account usually works with: out of what everybody could use a few things are its own, and over
// months some of them change. Without habits nothing that an account does could ever be new for it.
import type { Staff } from "../county/county.ts";
import { WEBSITES } from "../county/names.ts";
import { createRandom, hash32 } from "../random.ts";
import type { World } from "../world.ts";

/** Things of a kind that are an account's own. */
const OWN = 3;
/** One of them changes after so many days. */
const CHANGE_DAYS = 120;
/** Part of all uses that follow no habit. */
const STRAY_SHARE = 0.03;
/** Part of all visits that go to sites of which there are very many, most of them seldom read. */
const LONG_TAIL_SHARE = 0.12;
const LONG_TAIL_SITES = 5000;
const NETS = ["192.0.2", "198.51.100", "203.0.113"] as const;

/** One of the things that this account usually takes, or any, where there are no habits. */
export function habitual<T>(world: World, member: Staff, what: string, list: readonly T[]): T {
  const { random, today } = world;
  if (today === undefined || random.chance(STRAY_SHARE)) return random.pick(list);
  const slot = random.int(0, OWN - 1);
  const own = createRandom(`${world.county.seed}/${what}/${member.account.name}/${slot}`);
  const change = Math.floor((today.number + own.int(0, CHANGE_DAYS - 1)) / CHANGE_DAYS);
  return own.fork(String(change)).pick(list);
}

/** A site that the account reads, and its address. */
export function habitualSite(world: World, member: Staff): { site: string; address: string } {
  const { random, today } = world;
  if (today === undefined || !random.chance(LONG_TAIL_SHARE)) {
    const site = habitual(world, member, "site", WEBSITES);
    return { site, address: siteAddress(site) };
  }
  const rank = Math.floor(LONG_TAIL_SITES ** random.next());
  const site = `www.seite${rank}.example`;
  return { site, address: `${NETS[rank % NETS.length]}.${1 + (hash32(site) % 254)}` };
}

/** A documentation address that stands for a site. */
export function siteAddress(site: string): string {
  let sum = 7;
  for (const letter of site) sum = (sum * 31 + letter.charCodeAt(0)) % 199;
  return `192.0.2.${sum + 50}`;
}
