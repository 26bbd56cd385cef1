// Finds identities inside longer texts: command lines, paths, URLs, messages. Two sources: the names that
// the same event carries in its account fields, and places where a name stands by convention (profile
// folders, mail addresses, SIDs, user options). Every search is linear in the length of the text.
import { accountClass, isPersonalSid } from "./accounts.ts";
import { needsPseudonym } from "./pseudonym.ts";

/** Gives the replacement of a bare account name (without domain). */
type ReplaceName = (name: string) => string;

// A folder of a profile: C:\Users\<name>\…, /home/<name>/…, \\server\profiles$\<name>\…
const PROFILE =
  /([\\/](?:users|home|homes|profiles|userhome|dokumente und einstellungen|documents and settings)\$?[\\/]{1,4})([^\\/"'<>|:*?,;\r\n]{1,64}(?=[\\/])|[^\\/"'<>|:*?,;\s]{1,64})/gi;
const SID = /S-1-5-21-\d{1,10}-\d{1,10}-\d{1,10}-\d{1,10}/gi;
// /user:DOM\name, --user name, user=name, net user name, su - name
const OPTION =
  /(\/user(?:name)?[:=]|\/u:|--user(?:name)?[= ]|\buser(?:name)?=|\bnet1? {1,4}user {1,4}|\bsu - |-Identity |-Mailbox )(["']?)((?:[\w.-]{1,64}\\{1,2})?)([\w.äöüßÄÖÜ-]{2,64})/gi;
// One cheap search that decides whether any of the three can be in a text: every beginning that they
// know stands here too.
const SCREEN =
  /[\\/](?:users|home|profiles|userhome|do[ck]u)|S-1-5-21-|\/u(?:ser(?:name)?)?:.|user(?:name)?=|--user|\bnet1? {1,4}user |\bsu - |-(?:Identity|Mailbox) /i;
// The shortest of them is `/u:ab`.
const SCREENED_CHARACTERS_MIN = 5;
const MAIL_LOCAL = /[\p{L}\d._%+-]/u;
const MAIL_DOMAIN = /[\p{L}\d.-]/u;
const MAIL_LOCAL_MAX = 64;
const MAIL_DOMAIN_MAX = 253;

/** What is looked for in a text, and what is put in its place. */
interface TextSearch {
  /** Lower-case clear name → replacement, from the same event. */
  readonly own: ReadonlyMap<string, string>;
  /** False where it is known that no name stands in the text by convention. */
  readonly mayHoldConvention: boolean;
  readonly replaceName: ReplaceName;
  /** Replacement of a personal SID. */
  readonly replaceSid: (sid: string) => string;
}

/** The text with identities replaced. */
export function protectText(
  text: string,
  { own, mayHoldConvention, replaceName, replaceSid }: TextSearch,
): string {
  let out = own.size === 0 ? text : replaceOwn(text, own);
  if (out.includes("@")) out = replaceMails(out, replaceName);
  if (!mayHoldConvention || out.length < SCREENED_CHARACTERS_MIN || !SCREEN.test(out)) return out;
  out = out.replace(PROFILE, (whole, folder: string, name: string) => {
    const kind = accountClass(name);
    if (!needsPseudonym(kind) || isSharedProfile(name)) return whole;
    return folder + replaceName(name);
  });
  out = out.replace(OPTION, (whole, option: string, quote: string, domain: string, name: string) =>
    needsPseudonym(accountClass(name)) ? option + quote + domain + replaceName(name) : whole,
  );
  return out.replace(SID, (sid) => (isPersonalSid(sid) ? replaceSid(sid) : sid));
}

function isSharedProfile(name: string): boolean {
  return /^(?:public|default|default user|all users|öffentlich|defaultapppool|\.net.*|%.*)$/i.test(
    name,
  );
}

/** Whether a name may follow a `/u:`, the one convention that the pass for known names does not look for. */
export function mayHoldUserSwitch(text: string): boolean {
  return text.includes("/u:") || text.includes("/U:");
}

const WORD = /[\p{L}\d]/u;

/** Whether any of an event's own names may stand in a text (see {@link lowered}). */
export function mayHoldOwn(lower: string, own: ReadonlyMap<string, string>): boolean {
  for (const name of own.keys()) if (lower.includes(name)) return true;
  return false;
}

function replaceOwn(text: string, own: ReadonlyMap<string, string>): string {
  let out = text;
  let lower = lowered(text);
  for (const [name, replacement] of own) {
    let from = lower.indexOf(name);
    if (from === -1) continue;
    let result = "";
    let done = 0;
    while (from !== -1) {
      const end = from + name.length;
      const before = from === 0 ? "" : (out[from - 1] ?? "");
      const after = out[end] ?? "";
      if (!WORD.test(before) && !WORD.test(after)) {
        result += out.slice(done, from) + replacement;
        done = end;
      }
      from = lower.indexOf(name, end);
    }
    if (done === 0) continue;
    out = result + out.slice(done);
    lower = lowered(out);
  }
  return out;
}

/** The text as own names are looked for in it; one whose length would change is searched as it is. */
export function lowered(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}

function replaceMails(text: string, replaceName: ReplaceName): string {
  let out = "";
  let done = 0;
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    let start = at;
    while (start > done && at - start < MAIL_LOCAL_MAX && MAIL_LOCAL.test(text[start - 1] ?? ""))
      start -= 1;
    let end = at + 1;
    while (end < text.length && end - at <= MAIL_DOMAIN_MAX && MAIL_DOMAIN.test(text[end] ?? ""))
      end += 1;
    const local = text.slice(start, at);
    if (start === at || end === at + 1 || !needsPseudonym(accountClass(local))) continue;
    out += text.slice(done, start) + replaceName(local);
    done = at;
  }
  return done === 0 ? text : out + text.slice(done);
}
