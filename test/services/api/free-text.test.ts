// Names in what people write: known ones lie nowhere in clear, whichever route they came by, and the writer
// is told; what is no writing about people stays as it is.
import { expect, it } from "vitest";
import { COMMENT_KIND } from "../../../services/cases/comments.ts";
import { createKeyRing } from "../../../services/privacy/keys.ts";
import { createKnownNames } from "../../../services/privacy/known-names.ts";
import { createPrivacy } from "../../../services/privacy/protect.ts";
import { EXCEPTION_KIND } from "../../../services/store/exception.ts";
import { FINDING_KIND, INCIDENT_KIND, SILENCE_KIND } from "../../../services/store/kinds.ts";
import { MAINTENANCE_KIND } from "../../../services/store/maintenance.ts";
import type { Kind } from "../../../services/store/store.ts";
import { SUSPICION_KIND } from "../../../services/store/suspicion.ts";
import { textProtector } from "../../../services/text-protector.ts";
import { canaryOf } from "../../support/identities.ts";
import { findingOf, HOME, openWorld, START } from "./fixture.ts";

const NAMES_REPLACED_HEADER = "x-heidewacht-names-replaced";
const PERSON = canaryOf(7);
const TEXT = `${PERSON.givenName} ${PERSON.surname} (${PERSON.account}) hat angerufen`;
const NAMED = new RegExp(`${PERSON.surname}|${PERSON.account.replaceAll(".", "\\.")}`, "i");
const IMPACT = { confidentiality: "none", integrity: "none", availability: "none" };
const LATER = START + 3_600_000;
const matchers = [{ field: "entity", value: PERSON.account }];

async function openNamed() {
  const names = createKnownNames();
  names.setDirectory(HOME, [PERSON]);
  const privacy = createPrivacy(createKeyRing(Buffer.alloc(32, 7)), { names });
  const world = await openWorld({}, { protectText: textProtector(privacy) });
  const made = findingOf("finding-1");
  await world.store.create(HOME, FINDING_KIND, made.id, made);
  const page = await world.store.search(HOME, FINDING_KIND, { sort: [], limit: 1 });
  const finding = page.hits[0];
  if (finding === undefined) throw new Error("no finding");
  return { world, finding, analyst: await world.person("analyst"), privacy };
}

async function everything(world: Awaited<ReturnType<typeof openWorld>>): Promise<string> {
  const of = async <D>(kind: Kind<D>) =>
    (await world.store.search(HOME, kind, { sort: [], limit: 100 })).hits;
  const kinds = await Promise.all([
    ...[of(COMMENT_KIND), of(FINDING_KIND), of(INCIDENT_KIND), of(SUSPICION_KIND)],
    ...[of(SILENCE_KIND), of(EXCEPTION_KIND), of(MAINTENANCE_KIND)],
  ]);
  return JSON.stringify([kinds, await world.store.readAudit(HOME, 1, 500)]);
}

it("replaces known names in all that people write, and says how often", async () => {
  const { world, finding, analyst, privacy } = await openNamed();
  const { id, version } = finding;
  const pseudonym = privacy.pseudonymOf(HOME, PERSON.account);
  const send = async (path: string, body: object) => {
    const answer = await analyst.send("POST", path, body);
    expect([path, answer.status, answer.body]).toEqual([path, 200, expect.anything()]);
    expect(JSON.stringify(answer.body)).not.toMatch(NAMED);
    expect(Number(answer.headers[NAMES_REPLACED_HEADER])).toBeGreaterThan(0);
    return answer.body;
  };
  const comment = await send(`/findings/${id}/comments`, { text: TEXT });
  expect(comment.text).toContain(pseudonym);
  expect(comment.text).toContain("hat angerufen");
  await send(`/findings/${id}/suspicions`, { kind: "bias", comment: TEXT });
  await send(`/findings/${id}/tags`, { version, add: [PERSON.account] });
  const declared = { title: TEXT, description: TEXT, firstCompromise: { method: "unknown" } };
  const { incident, ...rest } = await send("/incidents", { ...declared, impact: IMPACT });
  await send(`/incidents/${incident.id}/tasks/add`, { version: rest.version, title: TEXT });
  const silence = await send("/silences", { matchers, until: LATER, reason: TEXT });
  expect(silence.matchers[0].value).toBe(pseudonym);
  await send("/maintenance", { matchers, from: START, until: LATER, reason: TEXT });
  expect(await everything(world)).not.toMatch(NAMED);
});

it("leaves alone what names nobody, and what is no writing about people", async () => {
  const { world, finding, analyst } = await openNamed();
  const plain = "Rechner pc-17 neu aufgesetzt";
  const answer = await analyst.send("POST", `/findings/${finding.id}/comments`, { text: plain });
  expect(answer.body.text).toBe(plain);
  expect(answer.headers).not.toHaveProperty(NAMES_REPLACED_HEADER);
  const admin = await world.person("admin");
  const account = { name: PERSON.account, role: "analyst", password: "ein langes Kennwort 123" };
  const made = await admin.send("POST", "/accounts", account);
  expect([made.status, made.body.name]).toEqual([200, PERSON.account]);
});

it("refuses a text that grows too long by it", async () => {
  const { finding, analyst } = await openNamed();
  const text = `${PERSON.account} `.repeat(Math.floor(10_000 / (PERSON.account.length + 1)));
  const answer = await analyst.send("POST", `/findings/${finding.id}/comments`, { text });
  const isLonger = "konto-0123456789".length > PERSON.account.length;
  expect([isLonger, answer.status]).toEqual([true, 422]);
});
