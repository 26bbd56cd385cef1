// Takes out of command lines and messages what only its owner may know: passwords, tokens, keys. The last
// barrier before a text leaves the house; what is taken too much is still to be seen in the console.
import { CHANNEL_MESSAGES, type PageLanguage } from "./messages.ts";

/** A value: in quotation marks, or up to the next blank. */
const VALUE = String.raw`(?:"[^"]*"?|'[^']*'?|[^\s"'&;,]+)`;
/** After which a secret comes wherever they stand in a name: `DB_PASSWORD`, `userToken`. */
const NAME =
  "(?:pass(?:word|wort|wd|phrase|code)|pwd|kennwort|geheimnis|secret|token|(?:api|access|account|private|auth|shared)[-_]?key|client[-_]?secret|credentials?)";
/** Only as a word of their own. */
const SHORT_NAME = "(?:pass|pin|totp|otp|sig|signature|session[-_]?id)";
const NAMED = `(?<![A-Za-z])(?:[\\w.]{0,40}?${NAME}|${SHORT_NAME})`;

interface Secret {
  /** Everything but the group `kept` goes. */
  readonly pattern: RegExp;
}

const SECRETS: readonly Secret[] = [
  // Keys in PEM form, also cut off.
  {
    pattern:
      /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]{0,40}-----|$)/g,
  },
  { pattern: /(?<kept>\bPuTTY-User-Key-File-\d:\s).*/gs },
  // Authorization: Bearer …, Basic …, Digest …
  {
    pattern:
      /(?<kept>\b(?:proxy-)?authorization["']?\s{0,3}[:=]\s{0,3})(?:"[^"]*"?|'[^']*'?|(?:[A-Za-z]{3,12}\s)?\S+)/gi,
  },
  { pattern: /(?<kept>\b(?:bearer|basic|negotiate|ntlm|apikey)\s+)[\w+/=.~:-]{8,}/gi },
  { pattern: /(?<kept>\b(?:set-)?cookie["']?\s*:\s*).*/gi },
  // https://user:password@host
  { pattern: /(?<kept>[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,200}:)[^\s/@]{1,200}(?=@)/gi },
  // Forms that are known by their look.
  { pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g },
  { pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  {
    pattern:
      /\b(?:gh[opusr]_|github_pat_|glpat-|xox[abeoprs]-|sk-|sk_live_|rk_live_|hvs\.|npm_|AIza|ya29\.|SG\.|pypi-|dop_v1_|syt_)[\w.-]{10,}/g,
  },
  { pattern: /\$(?:2[abxy]|argon2(?:id?|d)|5|6|y|1)\$[\w./$,=+-]{10,}/g },
  // NTLM hashes as pass-the-hash takes them.
  { pattern: /\b[0-9a-f]{32}:[0-9a-f]{32}\b/gi },
  // name=value, name: value, --name value, /name:value, "name":"value", also PGPASSWORD, DB_PASSWORD.
  { pattern: new RegExp(`(?<kept>${NAMED}["']?\\s{0,3}(?:=>|:=|[=:])\\s{0,3})${VALUE}`, "gi") },
  { pattern: new RegExp(`(?<kept><[\\w:]{0,40}?${NAME}>)[^<]+`, "gi") },
  {
    pattern: new RegExp(
      `(?<kept>(?<!\\S)(?:--?|/)(?:[\\w-]{0,30}?${NAME}|${SHORT_NAME})\\s+)${VALUE}`,
      "gi",
    ),
  },
  // ConvertTo-SecureString 'x'
  {
    pattern: new RegExp(
      `(?<kept>\\bConvertTo-SecureString\\s+(?:-String\\s+)?)(?!-)${VALUE}`,
      "gi",
    ),
  },
  // -p x, -px (mysql, sshpass), /p:x, -pw x (plink)
  { pattern: new RegExp(`(?<kept>(?<!\\S)-pw?[ =])${VALUE}`, "g") },
  {
    pattern: new RegExp(
      `(?<kept>\\b(?:mysql\\w*|mariadb\\w*|sshpass|7z\\w?)(?:\\.exe)?\\s(?:[^|;]{0,300}?\\s)?-p)${VALUE}`,
      "gi",
    ),
  },
  { pattern: new RegExp(`(?<kept>(?<!\\S)/(?:p|rp|pass):)${VALUE}`, "gi") },
  // curl -u user:password
  { pattern: /(?<kept>(?<!\S)(?:-u|--user|--proxy-user)[ =]?["']?[^\s:"']{1,100}:)[^\s"']+/g },
  // net use \\server\share password /user:name; net user name password
  { pattern: /(?<kept>\bnet1?(?:\.exe)?\s+use\s+(?:[a-z*]:?\s+)?\\\\\S+\s+)(?!\/)\S+/gi },
  { pattern: /(?<kept>\bnet1?(?:\.exe)?\s+user\s+\S+\s+)(?!\/)\S+/gi },
];

/** The text with a mark in the place of each secret. */
export function withoutSecrets(text: string, language: PageLanguage): string {
  const mark = CHANNEL_MESSAGES[language].removed;
  return SECRETS.reduce(
    (rest, { pattern }) =>
      rest.replace(pattern, (...parts) => {
        // The last argument of a replacer is the named groups, where the pattern has some.
        const groups = parts.at(-1) as unknown;
        const kept =
          typeof groups === "object" && groups !== null && "kept" in groups ? groups.kept : "";
        return `${typeof kept === "string" ? kept : ""}${mark}`;
      }),
    text,
  );
}
