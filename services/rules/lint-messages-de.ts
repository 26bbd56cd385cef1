// The linter's words, German.
import { type CostReasonTexts, type LintMessages, reasonTexts } from "./lint-message.ts";

/** Why a rule is dear, by `CostReason`. */
export const COST_REASONS_DE: CostReasonTexts = {
  keywords: "Stichwörter werden in allen Feldern jedes Ereignisses gesucht",
  "negation-only": "nur Ausnahmen, jedes Ereignis muss geprüft werden",
  "no-text": "fordert keinen Text, nur Vergleiche",
  "regex-unfiltered": "regulärer Ausdruck ohne festen Text",
  "short-text": "sehr kurzer Text entscheidet",
  regex: "reguläre Ausdrücke",
  "many-texts": "sehr viele Texte",
};

const KINDS: Readonly<Record<string, string>> = {
  text: "ein Text",
  texts: "eine Liste von Texten",
  map: "Schlüssel und Werte",
  maps: "eine Liste mit Schlüsseln und Werten",
  flag: "true oder false",
};

const KIND_MENDS: Readonly<Record<string, string>> = {
  text: "den Wert in Anführungszeichen setzen",
  texts: "jeden Eintrag in eine Zeile mit - davor schreiben",
};

const meant = (other: string) => (other === "" ? "" : `; gemeint ist wohl ${other}`);
const always = (mend: string) => () => mend;

export const LINT_MESSAGES_DE: LintMessages = {
  HW_RULE_INVALID: {
    title: "Regel nicht lesbar",
    text: (message) => message,
    mend: always("die genannte Stelle mit der Sigma-Spezifikation 2.1 vergleichen"),
  },
  HW_PATTERN_UNSAFE: {
    title: "regulärer Ausdruck ohne lineare Laufzeit",
    text: (message) => message,
    mend: always("Rückverweise, Vor- und Rückblicke vermeiden; oft genügt contains oder endswith"),
  },
  "condition-impossible": {
    title: "Bedingung kann nie wahr sein",
    text: (demands) => `die Bedingung kann nie wahr sein: ${demands}`,
    mend: always("eine der beiden Forderungen ändern, oder and durch or ersetzen"),
  },
  "reference-unknown": {
    title: "Verweis auf unbekannte Regel",
    text: (name) => `die Korrelation nennt ${name}; keine Regel hat diese id oder diesen name`,
    mend: always("id oder name der gemeinten Regel eintragen, oder ihre Datei mit angeben"),
  },
  "reference-ambiguous": {
    title: "mehrdeutiger Verweis",
    text: (name, places) => `mehrere Regeln heißen ${name}: ${places}`,
    mend: always("statt des Namens die id nennen"),
  },
  "reference-cycle": {
    title: "Korrelationen im Kreis",
    text: (name) => `über ${name} führt die Korrelation auf sich selbst zurück`,
    mend: always("einen der Verweise entfernen"),
  },
  "key-misspelt": {
    title: "Schlüssel wohl verschrieben",
    text: (key, other) => `unbekannter Schlüssel ${key}${meant(other)}`,
    mend: (other) => `${other} schreiben`,
  },
  "key-unknown": {
    title: "Schlüssel ohne Bedeutung",
    text: (key, other) => `der Schlüssel ${key} hat hier keine Bedeutung${meant(other)}`,
    mend: (other) => (other === "" ? "den Schlüssel entfernen" : `${other} schreiben`),
  },
  "value-type": {
    title: "falsche Art von Wert",
    text: (key, kind) => `${key} muss ${KINDS[kind] ?? kind} sein`,
    mend: (kind) => KIND_MENDS[kind] ?? "die Form an die Sigma-Spezifikation 2.1 anpassen",
  },
  "value-repeated": {
    title: "Eintrag doppelt",
    text: (value) => `der Eintrag steht mehrmals in der Liste: ${value}`,
    mend: always("den zweiten Eintrag entfernen"),
  },
  "title-long": {
    title: "Titel zu lang",
    text: (length) => `der Titel hat ${length} Zeichen, erlaubt sind 256`,
    mend: always("kürzen; Einzelheiten gehören in description"),
  },
  "date-invalid": {
    title: "kein Datum",
    text: (date) => `kein Datum der Form JJJJ-MM-TT: ${date}`,
    mend: always("etwa 2026-11-21 schreiben"),
  },
  "related-invalid": {
    title: "Verweis unter related fehlerhaft",
    text: (value, other) => `unter related nicht erlaubt: ${value}${meant(other)}`,
    mend: always("id: eine UUID; type: derived, obsolete, merged, renamed oder similar"),
  },
  "id-missing": {
    title: "keine id",
    text: () => "keine id: Befunde hängen dann am Dateinamen und am Titel",
    mend: always("eine UUID eintragen (z. B. von uuidgen)"),
  },
  "id-no-uuid": {
    title: "id ist keine UUID",
    text: (id) => `id ist keine UUID: ${id}`,
    mend: always("eine UUID eintragen; der alte Wert passt in name"),
  },
  "id-duplicate": {
    title: "id doppelt",
    text: (id, place) => `die id ${id} hat schon ${place}: nur die erste Regel wird geladen`,
    mend: always("einer der beiden Regeln eine neue id geben"),
  },
  "status-missing": {
    title: "kein status",
    text: () => "kein status: gilt als experimental",
    mend: always("stable, test oder experimental eintragen"),
  },
  "status-unknown": {
    title: "unbekannter status",
    text: (status, other) => `unbekannter status: ${status}${meant(other)}`,
    mend: always("stable, test, experimental, deprecated oder unsupported eintragen"),
  },
  "status-idle": {
    title: "Regel wird nicht geladen",
    text: (status) =>
      `mit status ${status} wird die Regel nicht geladen, wenn nichts anderes eingestellt ist`,
    mend: always("entfernen, oder den status ändern"),
  },
  "level-missing": {
    title: "kein level",
    text: () => "kein level: gilt als medium",
    mend: always("informational, low, medium, high oder critical eintragen"),
  },
  "description-missing": {
    title: "keine description",
    text: () => "keine description: wer den Befund prüft, braucht sie",
    mend: always("in zwei Sätzen sagen, was geschehen ist und warum es zählt"),
  },
  "falsepositives-missing": {
    title: "keine falsepositives",
    text: () => "keine falsepositives: was sieht ebenso aus und ist harmlos?",
    mend: always("bekannte harmlose Ursachen auflisten"),
  },
  "tag-invalid": {
    title: "Tag fehlerhaft",
    text: (tag, other) => `kein gültiges Tag: ${tag}${meant(other)}`,
    mend: always("namensraum.name in Kleinbuchstaben schreiben, etwa attack.t1059.001"),
  },
  "attack-missing": {
    title: "kein ATT&CK-Tag",
    text: () => "kein ATT&CK-Tag: Taktik und Technik fehlen im Befund",
    mend: always("tags: attack.<taktik> und attack.t<nummer> eintragen"),
  },
  "attack-unknown": {
    title: "unbekanntes ATT&CK-Tag",
    text: (tag, other) => `weder Taktik noch Technik von ATT&CK: ${tag}${meant(other)}`,
    mend: always("Taktiken ausschreiben (attack.lateral-movement), Techniken als attack.t1021.002"),
  },
  "attack-outdated": {
    title: "veraltetes ATT&CK-Tag",
    text: (tag, other) => `${tag} gibt es seit ATT&CK 19 nicht mehr; jetzt: ${other}`,
    mend: always("die passende der neuen Taktiken eintragen"),
  },
  "logsource-unreached": {
    title: "logsource ohne Ereignisse",
    text: (name) =>
      `kein bekanntes Ereignis gehört zu logsource ${name}: die Regel kann nicht auslösen`,
    mend: always(
      "product, category und service prüfen; eigene Formate brauchen eine Zuordnungsdatei",
    ),
  },
  inactive: {
    title: "Regel ruht",
    text: (reason) => `die Regel kann nicht auslösen: ${reason}`,
    mend: always("den Platzhalter mit Werten füllen"),
  },
  "field-misspelt": {
    title: "Feld wohl verschrieben",
    text: (field, other) => `das Feld ${field} ist hier unbekannt${meant(other)}`,
    mend: (other) => `${other} schreiben (Groß und Klein zählen)`,
  },
  "field-unknown": {
    title: "Feld gibt es in dieser logsource nicht",
    text: (field) => `Ereignisse dieser logsource haben kein Feld ${field}`,
    mend: always("ein Feld dieser Ereignisse verwenden, oder die logsource ändern"),
  },
  "selection-contradicts": {
    title: "Abschnitt widerspricht sich",
    text: (name, demands) => `${name} kann nie wahr sein: ${demands}`,
    mend: always("eine der beiden Forderungen ändern, oder sie auf zwei Abschnitte verteilen"),
  },
  "selection-unused": {
    title: "Abschnitt wird nicht verwendet",
    text: (name) => `die condition verwendet ${name} nicht`,
    mend: always("in die condition aufnehmen oder entfernen"),
  },
  "condition-always": {
    title: "Bedingung immer wahr",
    text: () => "die Bedingung ist für jedes Ereignis der logsource wahr",
    mend: always("fordern, was nur der Angriff zeigt"),
  },
  "condition-negative": {
    title: "Bedingung nur aus Ausnahmen",
    text: () => "die Bedingung fordert nichts, sie schließt nur aus: alles Übrige löst aus",
    mend: always("einen Abschnitt voranstellen, der etwas fordert"),
  },
  "rule-broad": {
    title: "Muster zu weit",
    text: (what) => `${what}: das steht in fast jedem Ereignis, und nichts anderes engt ein`,
    mend: always("ein längeres Muster wählen, oder ein zweites Feld fordern"),
  },
  "rule-huge": {
    title: "Regel zu groß",
    text: (size) => `die Bedingung entfaltet sich zu ${size} Prüfungen; sie wird nicht untersucht`,
    mend: always("Abschnitte nicht mehrfach in der condition nennen, die Regel teilen"),
  },
  "regex-unfiltered": {
    title: "regulärer Ausdruck ohne festen Text",
    text: (source) => `kein fester Text im Ausdruck, er muss auf jeden Wert los: ${source}`,
    mend: always("ein contains auf dasselbe Feld davorstellen, das fast immer falsch ist"),
  },
  "regex-slow": {
    title: "langsamer regulärer Ausdruck",
    text: (source) =>
      `läuft nicht im schnellen Werk für Ausdrücke, sondern in re2 (rund 27-mal langsamer): ${source}`,
    mend: always("große Wiederholungen von Gruppen ({n,m}) und \\A, \\Z, [[:alpha:]] vermeiden"),
  },
  "regex-needless": {
    title: "regulärer Ausdruck unnötig",
    text: (source, other) => `${source} sucht nur einen Text; einfacher: ${other}`,
    mend: always("den Modifikator tauschen; ohne cased zählen Groß und Klein nicht"),
  },
  "rule-duplicate": {
    title: "Regel doppelt",
    text: (title, place) => `sucht genau dasselbe wie „${title}“ (${place})`,
    mend: always("eine der beiden entfernen"),
  },
  "rule-narrower": {
    title: "Regel in einer anderen enthalten",
    text: (title, place) => `findet nur einen Teil dessen, was „${title}“ (${place}) findet`,
    mend: always("eine der beiden entfernen, oder die Titel unterscheiden"),
  },
  "filter-unmatched": {
    title: "Filter ohne Regel",
    text: (name, place) =>
      place === ""
        ? `der Filter gilt für keine Regel: ${name}`
        : `der Filter nennt ${name}, aber seine logsource passt nicht zu ${place}`,
    mend: always("id oder name der Regel und die logsource des Filters prüfen"),
  },
  "cost-dear": {
    title: "teure Regel",
    text: (reasons) => `teuer: ${reasonTexts(reasons, COST_REASONS_DE)}`,
    mend: always("ein seltenes, festes Merkmal dazu fordern; siehe die Liste der teuersten Regeln"),
  },
  "ignore-unknown": {
    title: "unbekannter Code übergangen",
    text: (code) => `übergangen werden soll ${code}; diesen Code gibt es nicht`,
    mend: always("den Code aus der Ausgabe von rules check abschreiben"),
  },
  "ignore-unused": {
    title: "nichts zu übergehen",
    text: (code) => `${code} soll übergangen werden, tritt aber nicht auf`,
    mend: always("den Vermerk entfernen"),
  },
};
