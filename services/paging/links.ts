// Links that answer a page: each is signed for one purpose, one page and one person, and expires. All that it
// says lies in it, so that nothing is stored per link; what it names by hash (tenant, page, person) is looked
// up among those that are known. The link opens a page that asks first; only its form acts.
import assert from "node:assert/strict";
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { KeyRing } from "../privacy/keys.ts";

const PURPOSES = ["acknowledge", "decline"] as const;
export type LinkPurpose = (typeof PURPOSES)[number];

/** What a link is good for. */
export interface PageLink {
  readonly purpose: LinkPurpose;
  readonly tenant: string;
  readonly finding: string;
  /** The page's id as `pageMark` tells it. */
  readonly page: string;
  /** Configured name; undefined: whoever reads the room that was paged. */
  readonly person: string | undefined;
  /** ms UTC, a whole second. */
  readonly expiresAt: number;
}

/** Tenants and their configured people, among whom a link is looked up. */
export type KnownPeople = ReadonlyMap<string, readonly string[]>;

const VERSION = 1;
const TENANT_BYTES = 4;
const FINDING_BYTES = 16;
const PAGE_BYTES = 8;
const PERSON_BYTES = 6;
const MAC_BYTES = 32;
const SECOND_MS = 1000;
/** Version, purpose, expiry in seconds; then what the link is about. */
const FIXED_BYTES = 6;
const BODY_BYTES = FIXED_BYTES + TENANT_BYTES + FINDING_BYTES + PAGE_BYTES + PERSON_BYTES;
/** 72 bytes fill 96 characters without a spare bit, so that there is one way to write a token. */
const TOKEN = /^[\w-]{96}$/;
/** How long a form that was shown can be sent. */
const FORM_MS = 60 * 60_000;
const NOBODY = Buffer.alloc(PERSON_BYTES);

/** Makes the token of a link. The finding's id is the one that triage derives: 32 hexadecimal digits. */
export function signLink(
  keys: KeyRing,
  link: Omit<PageLink, "page"> & { readonly page: string },
): string {
  const finding = Buffer.from(link.finding, "hex");
  assert(finding.length === FINDING_BYTES, "the id of a finding has 32 hexadecimal digits");
  const fixed = Buffer.alloc(FIXED_BYTES);
  fixed.writeUInt8(VERSION, 0);
  fixed.writeUInt8(PURPOSES.indexOf(link.purpose) + 1, 1);
  fixed.writeUInt32BE(Math.floor(link.expiresAt / SECOND_MS), 2);
  const body = Buffer.concat([
    ...[fixed, tenantMark(link.tenant), finding],
    ...[Buffer.from(pageMark(link.page), "hex"), personMark(link.tenant, link.person)],
  ]);
  const mac = macOf(keys, body, link.tenant, link.person);
  return Buffer.concat([body, mac]).toString("base64url");
}

/**
 * What a token says, whether it is over or not; undefined when it is not one of ours, was cut or changed, or
 * is about somebody who is not configured any more.
 */
export function readLink(keys: KeyRing, token: string, known: KnownPeople): PageLink | undefined {
  if (!TOKEN.test(token)) return undefined;
  const bytes = Buffer.from(token, "base64url");
  if (bytes.length !== BODY_BYTES + MAC_BYTES || bytes[0] !== VERSION) return undefined;
  const body = bytes.subarray(0, BODY_BYTES);
  const [tenantPart, findingPart, pagePart, personPart] = partsOf(body);
  for (const [tenant, people] of known) {
    if (!tenantMark(tenant).equals(tenantPart)) continue;
    const isNobody = NOBODY.equals(personPart);
    const person = isNobody
      ? undefined
      : people.find((one) => personMark(tenant, one).equals(personPart));
    if (person === undefined && !isNobody) continue;
    if (!timingSafeEqual(macOf(keys, body, tenant, person), bytes.subarray(BODY_BYTES))) continue;
    const purpose = PURPOSES[(body[1] ?? 0) - 1];
    if (purpose === undefined) return undefined;
    const [finding, page] = [findingPart.toString("hex"), pagePart.toString("hex")];
    return { purpose, tenant, finding, page, person, expiresAt: body.readUInt32BE(2) * SECOND_MS };
  }
  return undefined;
}

/** The finding that a token names, whether it is one of ours or not; undefined where it is no token. */
export function findingOfToken(token: string): string | undefined {
  if (!TOKEN.test(token)) return undefined;
  const body = Buffer.from(token, "base64url").subarray(0, BODY_BYTES);
  const [, finding] = partsOf(body);
  return finding.toString("hex");
}

/** Where a link leads to, below the address that browsers use. */
export function answerPath(token: string): string {
  return `/antwort/${token}`;
}

/** A page's id as links name it: enough to tell it from the others of its finding. */
export function pageMark(page: string): string {
  return createHash("sha256")
    .update(page)
    .digest("hex")
    .slice(0, 2 * PAGE_BYTES);
}

/** What the form of a link's page carries: shows that the page was read, not only the link followed. */
export function signForm(keys: KeyRing, link: PageLink, token: string, now: number): string {
  const minted = Math.floor(now / SECOND_MS).toString(36);
  return `${minted}.${formMac(keys, link.tenant, token, minted)}`;
}

/** Whether a form belongs to this link and was shown not long ago. */
export function isForm(
  keys: KeyRing,
  { tenant }: PageLink,
  { token, nonce, now }: { readonly token: string; readonly nonce: string; readonly now: number },
): boolean {
  const [, minted = "", mac = ""] = /^([0-9a-z]{1,8})\.([\w-]{43})$/.exec(nonce) ?? [];
  if (mac === "") return false;
  const wanted = formMac(keys, tenant, token, minted);
  if (!timingSafeEqual(Buffer.from(mac), Buffer.from(wanted))) return false;
  const age = now - Number.parseInt(minted, 36) * SECOND_MS;
  return age >= -SECOND_MS && age <= FORM_MS;
}

function partsOf(body: Buffer): [Buffer, Buffer, Buffer, Buffer] {
  let at = FIXED_BYTES;
  const next = (bytes: number) => {
    at += bytes;
    return body.subarray(at - bytes, at);
  };
  return [next(TENANT_BYTES), next(FINDING_BYTES), next(PAGE_BYTES), next(PERSON_BYTES)];
}

// The names themselves are signed too: two that share a mark can't be taken for each other.
function macOf(keys: KeyRing, body: Buffer, tenant: string, person: string | undefined): Buffer {
  const hmac = createHmac("sha256", keys.derive(tenant, "page_link"));
  return hmac
    .update("link\0")
    .update(body)
    .update(`${tenant}\0${person ?? ""}`)
    .digest();
}

function formMac(keys: KeyRing, tenant: string, token: string, minted: string): string {
  const hmac = createHmac("sha256", keys.derive(tenant, "page_link"));
  return hmac.update(`form\0${minted}\0${token}`).digest("base64url");
}

function tenantMark(tenant: string): Buffer {
  return createHash("sha256").update(`tenant\0${tenant}`).digest().subarray(0, TENANT_BYTES);
}

function personMark(tenant: string, person: string | undefined): Buffer {
  if (person === undefined) return NOBODY;
  const hash = createHash("sha256").update(`person\0${tenant}\0${person}`).digest();
  return hash.subarray(0, PERSON_BYTES);
}
