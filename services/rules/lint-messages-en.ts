// The linter's words, English.
import { type CostReasonTexts, type LintMessages, reasonTexts } from "./lint-message.ts";

export const COST_REASONS_EN: CostReasonTexts = {
  keywords: "keywords are looked for in all fields of every event",
  "negation-only": "exceptions only, every event has to be looked at",
  "no-text": "demands no text, only comparisons",
  "regex-unfiltered": "regular expression without a fixed text",
  "short-text": "a very short text decides",
  regex: "regular expressions",
  "many-texts": "very many texts",
};

const KINDS: Readonly<Record<string, string>> = {
  text: "a text",
  texts: "a list of texts",
  map: "keys and values",
  maps: "a list of keys and values",
  flag: "true or false",
};

const KIND_MENDS: Readonly<Record<string, string>> = {
  text: "put the value into quotes",
  texts: "write each entry in a line of its own, with - before it",
};

const meant = (other: string) => (other === "" ? "" : `; ${other} was probably meant`);
const always = (mend: string) => () => mend;

export const LINT_MESSAGES_EN: LintMessages = {
  HW_RULE_INVALID: {
    title: "rule can't be read",
    text: (message) => message,
    mend: always("compare the place with the Sigma specification 2.1"),
  },
  HW_PATTERN_UNSAFE: {
    title: "regular expression without linear time",
    text: (message) => message,
    mend: always("avoid back-references and look-around; contains or endswith often will do"),
  },
  "condition-impossible": {
    title: "condition can never be true",
    text: (demands) => `the condition can never be true: ${demands}`,
    mend: always("change one of the two demands, or put or for and"),
  },
  "reference-unknown": {
    title: "reference to an unknown rule",
    text: (name) => `the correlation names ${name}; no rule has this id or name`,
    mend: always("put the id or name of the rule that is meant, or give its file as well"),
  },
  "reference-ambiguous": {
    title: "ambiguous reference",
    text: (name, places) => `several rules are called ${name}: ${places}`,
    mend: always("put the id for the name"),
  },
  "reference-cycle": {
    title: "correlations in a circle",
    text: (name) => `by way of ${name} the correlation leads back to itself`,
    mend: always("take one of the references out"),
  },
  "key-misspelt": {
    title: "key probably misspelt",
    text: (key, other) => `unknown key ${key}${meant(other)}`,
    mend: (other) => `write ${other}`,
  },
  "key-unknown": {
    title: "key without meaning",
    text: (key, other) => `the key ${key} has no meaning here${meant(other)}`,
    mend: (other) => (other === "" ? "take the key out" : `write ${other}`),
  },
  "value-type": {
    title: "wrong type of value",
    text: (key, kind) => `${key} has to be ${KINDS[kind] ?? kind}`,
    mend: (kind) => KIND_MENDS[kind] ?? "give it the form of the Sigma specification 2.1",
  },
  "value-repeated": {
    title: "repeated entry",
    text: (value) => `the entry stands in the list more than once: ${value}`,
    mend: always("take the second one out"),
  },
  "title-long": {
    title: "title too long",
    text: (length) => `the title has ${length} characters, 256 are allowed`,
    mend: always("shorten it; details belong into description"),
  },
  "date-invalid": {
    title: "no date",
    text: (date) => `no date of the form YYYY-MM-DD: ${date}`,
    mend: always("write it like 2026-11-21"),
  },
  "related-invalid": {
    title: "faulty relation",
    text: (value, other) => `not allowed below related: ${value}${meant(other)}`,
    mend: always("id: a UUID; type: derived, obsolete, merged, renamed or similar"),
  },
  "id-missing": {
    title: "no id",
    text: () => "no id: findings will hang on the name of the file and the title",
    mend: always("put a UUID (uuidgen makes one)"),
  },
  "id-no-uuid": {
    title: "id is no UUID",
    text: (id) => `the id is no UUID: ${id}`,
    mend: always("put a UUID; the old value fits into name"),
  },
  "id-duplicate": {
    title: "id is taken",
    text: (id, place) => `the id ${id} is that of ${place}: only the first rule is loaded`,
    mend: always("give one of the two a new id"),
  },
  "status-missing": {
    title: "no status",
    text: () => "no status: taken as experimental",
    mend: always("put stable, test or experimental"),
  },
  "status-unknown": {
    title: "unknown status",
    text: (status, other) => `unknown status: ${status}${meant(other)}`,
    mend: always("put stable, test, experimental, deprecated or unsupported"),
  },
  "status-idle": {
    title: "rule is not loaded",
    text: (status) =>
      `with status ${status} the rule is not loaded unless the configuration says so`,
    mend: always("take it out, or change the status"),
  },
  "level-missing": {
    title: "no level",
    text: () => "no level: taken as medium",
    mend: always("put informational, low, medium, high or critical"),
  },
  "description-missing": {
    title: "no description",
    text: () => "no description: whoever judges the finding needs one",
    mend: always("say in two sentences what happened and why it matters"),
  },
  "falsepositives-missing": {
    title: "no falsepositives",
    text: () => "no falsepositives: what looks the same and is harmless?",
    mend: always("list the harmless causes that are known"),
  },
  "tag-invalid": {
    title: "faulty tag",
    text: (tag, other) => `not a valid tag: ${tag}${meant(other)}`,
    mend: always("write namespace.name in lower case, such as attack.t1059.001"),
  },
  "attack-missing": {
    title: "no ATT&CK tag",
    text: () => "no ATT&CK tag: findings lack tactic and technique",
    mend: always("put tags: attack.<tactic> and attack.t<number>"),
  },
  "attack-unknown": {
    title: "unknown ATT&CK tag",
    text: (tag, other) => `neither a tactic nor a technique of ATT&CK: ${tag}${meant(other)}`,
    mend: always("write tactics out (attack.lateral-movement), techniques as attack.t1021.002"),
  },
  "attack-outdated": {
    title: "outdated ATT&CK tag",
    text: (tag, other) => `${tag} is gone since ATT&CK 19; now: ${other}`,
    mend: always("put the one of the new tactics that fits"),
  },
  "logsource-unreached": {
    title: "logsource without events",
    text: (name) => `no known event belongs to logsource ${name}: the rule can't fire`,
    mend: always("look at product, category and service; own formats need a mapping file"),
  },
  inactive: {
    title: "rule can't fire",
    text: (reason) => `the rule can't fire: ${reason}`,
    mend: always("give the placeholder values"),
  },
  "field-misspelt": {
    title: "field probably misspelt",
    text: (field, other) => `the field ${field} is not known here${meant(other)}`,
    mend: (other) => `write ${other} (case matters)`,
  },
  "field-unknown": {
    title: "no such field in this logsource",
    text: (field) => `events of this logsource have no field ${field}`,
    mend: always("use a field of these events, or change the logsource"),
  },
  "selection-contradicts": {
    title: "selection contradicts itself",
    text: (name, demands) => `${name} can never be true: ${demands}`,
    mend: always("change one of the two demands, or make two selections of them"),
  },
  "selection-unused": {
    title: "selection is not used",
    text: (name) => `the condition does not use ${name}`,
    mend: always("name it in the condition, or take it out"),
  },
  "condition-always": {
    title: "condition is always true",
    text: () => "the condition is true for every event of the logsource",
    mend: always("demand what only the attack shows"),
  },
  "condition-negative": {
    title: "condition of exceptions only",
    text: () => "the condition demands nothing, it only excludes: all the rest fires",
    mend: always("put a selection before it that demands something"),
  },
  "rule-broad": {
    title: "pattern too broad",
    text: (what) => `${what}: it stands in nearly every event, and nothing else narrows it down`,
    mend: always("choose a longer pattern, or demand a second field"),
  },
  "rule-huge": {
    title: "rule too large",
    text: (size) => `the condition unfolds to ${size} tests; it is not looked into`,
    mend: always("name each selection once in the condition, split the rule"),
  },
  "regex-unfiltered": {
    title: "regular expression without a fixed text",
    text: (source) => `no fixed text in the expression, every value has to be tried: ${source}`,
    mend: always("put a contains on the same field before it that is nearly always false"),
  },
  "regex-slow": {
    title: "slow regular expression",
    text: (source) =>
      `does not run in the fast engine but in re2 (some 27 times slower): ${source}`,
    mend: always("avoid large repeats of groups ({n,m}) and \\A, \\Z, [[:alpha:]]"),
  },
  "regex-needless": {
    title: "needless regular expression",
    text: (source, other) => `${source} looks for a text only; simpler: ${other}`,
    mend: always("change the modifier; without cased, upper and lower case are the same"),
  },
  "rule-duplicate": {
    title: "rule is there twice",
    text: (title, place) => `looks for exactly the same as "${title}" (${place})`,
    mend: always("take one of the two out"),
  },
  "rule-narrower": {
    title: "rule is part of another",
    text: (title, place) => `finds only a part of what "${title}" (${place}) finds`,
    mend: always("take one of the two out, or tell their titles apart"),
  },
  "filter-unmatched": {
    title: "filter without a rule",
    text: (name, place) =>
      place === ""
        ? `the filter holds for no rule: ${name}`
        : `the filter names ${name}, but its logsource does not fit ${place}`,
    mend: always("look at the rule's id or name, and at the filter's logsource"),
  },
  "cost-dear": {
    title: "dear rule",
    text: (reasons) => `dear: ${reasonTexts(reasons, COST_REASONS_EN)}`,
    mend: always("demand something rare and fixed besides; see the list of the dearest rules"),
  },
  "ignore-unknown": {
    title: "unknown code to be ignored",
    text: (code) => `${code} is to be ignored; there is no such code`,
    mend: always("copy the code from the output of rules check"),
  },
  "ignore-unused": {
    title: "nothing to ignore",
    text: (code) => `${code} is to be ignored, but does not occur`,
    mend: always("take the remark out"),
  },
};
