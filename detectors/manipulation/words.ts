// The words that instructions to a language model are made of, in German, English, French, Spanish and
// Polish: stems after folding (lower case, without accents), grouped by their part in such a sentence.

/** Parts of a sentence; a token may have several. */
export const PART = {
  ignore: 1,
  earlier: 2,
  instructions: 4,
  instruction: 8,
  assistant: 16,
  set: 32,
  judged: 64,
  harmless: 128,
  reveal: 256,
  prompt: 512,
  system: 1024,
  not: 2048,
  mention: 4096,
  role: 8192,
  office: 16_384,
  all: 32_768,
  this: 65_536,
  rules: 131_072,
  follow: 262_144,
  nothing: 524_288,
  secure: 1_048_576,
} as const;

const of = (part: number, pattern: string): readonly [number, RegExp] => [
  part,
  new RegExp(`^(?:${pattern})$`),
];

/** Each pattern is tried on a single folded word, so that what it costs is bounded. */
const STEMS: readonly (readonly [number, RegExp])[] = [
  of(
    PART.ignore,
    "ignor(?:e|iere?n?|es|er|ez|a|ad|en|uj|ujcie|owac)?|disregard|forget|override|bypass|skip|vergiss|vergesst|missachte|missachten|uebergehe|ubergehe|verwirf|umgehe|oublie[rz]?|neglige[rz]?|contourne[rz]?|olvid[ae]n?|olvidad|descart[ae]n?|omit[ae]n?|zapomnij|zapomniec|pomin|pominac|zignoruj|odrzuc",
  ),
  of(
    PART.earlier,
    "previous|prior|earlier|above|preceding|former|existing|vorherige[nrsm]?|vorige[nrsm]?|bisherige[nrsm]?|obige[nrsm]?|vorangegangene[nrsm]?|fruhere[nrsm]?|oben|precedente?s?|anterieure?s?|dessus|anterior(?:es)?|previ[oa]s?|poprzedni(?:e|ch|a)?|wczesniejsz(?:e|ych|y)|powyzsz(?:e|ych)",
  ),
  of(
    PART.instructions,
    "instructions|guidelines|directives|anweisungen|vorgaben|instruktionen|richtlinien|consignes|instrucciones|directrices|instrukcj[eia]|instrukcji|polecen(?:ia)?|wytycznych|wytyczne",
  ),
  of(
    PART.rules,
    "rules|orders|constraints|regeln|befehle|regles|reglas|ordenes|zasad[yo]?|prompts?|systemprompts?",
  ),
  of(
    PART.instruction,
    "instruction|rule|anweisung|vorgabe|regel|instruktion|befehl|consigne|regle|instruccion|regla|instrukcja|polecenie|nachricht|message|mensaje|wiadomosc",
  ),
  of(
    PART.assistant,
    "assistants?|ai|llm|gpt\\d?|chatgpt|copilot|chatbot|chatbots|gemini|claude|ki|assistent(?:in|en)?|sprachmodell[es]?|ia|assistante|asistente|asystent(?:ka|a|em|cie)?|sztuczna|modell?|modele|modelo|model",
  ),
  of(
    PART.set,
    "set|lower|mark|classify|rate|treat|consider|close|downgrade|label|respond|reply|answer|output|write|say|declare|conclude|setze|setzen|senke|markiere|klassifiziere|stufe|bewerte|behandle|betrachte|schliesse|antworte|melde|gib|schreibe|werte|einstufen|schliessen|mets|mettez|baisse[rz]?|marque[rz]?|classe[rz]?|classifie[rz]?|traite[rz]?|considere[rz]?|ferme[rz]?|reponds|repondez|declare[rz]?|dis|ecris|fija|fije|baja|baje|marca|marque|clasifica|clasifique|trata|trate|considera|cierra|cierre|responde|responda|escribe|di|ustaw|obniz|oznacz|sklasyfikuj|traktuj|uznaj|zamknij|odpowiedz|zwroc|napisz|powiedz",
  ),
  of(
    PART.judged,
    "alerts?|findings?|incidents?|severity|priority|verdict|classification|detection|events?|score|befund[e]?|fund|alarm[es]?|alarmmeldung|meldung|prioritat|schweregrad|bewertung|vorfall|ereignis|treffer|urteil|einstufung|alertes?|incidente?s?|gravite|priorite|verdict|evenement|alertas?|hallazgo|gravedad|prioridad|veredicto|evento|alertu?|alarmu|incydentu?|priorytet|zdarzeni[ea]|werdykt|ocena|waznosc",
  ),
  of(
    PART.harmless,
    "benign|harmless|low|lowest|safe|false|informational|resolved|closed|none|legitimate|harmlos|ungefahrlich|niedrig|niedrigste|fehlalarm|unbedenklich|gering|erledigt|unkritisch|legitim|benin|benigne|inoffensi(?:f|ve)|faible|faux|basse?|legitime|benign[oa]|inofensiv[oa]|baj[oa]|fals[oa]|leve|legitim[oa]|niski|niskie|nieszkodliw[ey]|falszyw[ye]|niegrozn[ey]|lagodn[ye]|bezpieczne",
  ),
  of(
    PART.reveal,
    "reveal|print|repeat|show|output|display|leak|disclose|send|nenne|zeige|wiederhole|offenbare|verrate|sende|revele[rz]?|affiche[rz]?|repete[rz]?|envoie|envoyez|montre[rz]?|revela|revele|muestra|muestre|repite|envia|envie|ujawnij|pokaz|powtorz|wyslij|wyswietl",
  ),
  of(PART.prompt, "prompts?|systemprompts?|invite|podpowiedz|monit"),
  of(PART.system, "systems?|systemprompts?|systeme|sistema|systemow[ye]|systemu"),
  of(PART.not, "not|never|don|dont|nicht|nie|niemals|kein[e]?|ne|pas|jamais|no|nunca|without|ohne"),
  of(
    PART.mention,
    "mention|report|raise|alert|warn|include|flag|erwahne|melde|warne|nenne|berichte|mentionne[rz]?|signale[rz]?|menciones?|reportes?|informes?|wspominaj|zglaszaj|raportuj|ostrzegaj",
  ),
  of(
    PART.role,
    "unrestricted|jailbreak|dan|roleplay|pretend|uneingeschrankt|unbeschrankt|devmode|desormais|bezograniczen",
  ),
  of(
    PART.office,
    "bitte|termin[es]?|besprechung|sitzung|rechnung|bescheid|formular|antrag|frist|drucker|mail|email|mails|meeting|invoice|printer|appointment|attachment|anhang|reunion|facture|rendez|factura|reunion|adjunto|spotkani[ea]|faktur[ay]|zalacznik|please|entschuldigung|sorry|versehen|versehentlich|newsletter|password|passwort|schulung|einladung|adresse|explain(?:ed|s)?|docs|documentation|tutorial|wiki|injection|invitation|dienstanweisung|arbeitsanweisung",
  ),
  of(
    PART.follow,
    "follow|obey|heed|comply|caso|cuenta|omiso|compte|tiens|uwage|bierz|befolge|beachte|folge|halte|suis|sigue|sigas|stosuj|sluchaj",
  ),
  of(
    PART.nothing,
    "nothing|threat|nichts|kein|menace|danger|normal|fine|ordnung|amenaza|peligro|zagrozenia|porzadku|authorised|authorized|approved|autorisiert|genehmigt|ungultig|void|invalid",
  ),
  of(
    PART.secure,
    "alerts?|findings?|incidents?|verdict|befund|alarm|vorfall|urteil|einstufung|schweregrad|alertes?|incidente?s?|alertas?|hallazgo|veredicto|alertu?|alarmu|incydentu?|werdykt",
  ),
  of(
    PART.all,
    "all|any|every|alle[rs]?|jegliche|samtliche|toutes?|tous|todas?|todos|wszystkie|wszystkich",
  ),
  of(PART.this, "this|diese[rsnm]?|cette?|ce|est[ea]|esto|ten|ta|tego|te"),
];

const KNOWN_WORDS_MAX = 4096;
const WORD_CHARACTERS_MAX = 20;
const known = new Map<string, number>();

/** Parts that a folded word may have, as bits. */
export function partsOf(word: string): number {
  if (word.length < 2 || word.length > WORD_CHARACTERS_MAX) return 0;
  const found = known.get(word);
  if (found !== undefined) return found;
  let parts = 0;
  for (const [part, pattern] of STEMS) if (pattern.test(word)) parts |= part;
  if (known.size < KNOWN_WORDS_MAX) known.set(word, parts);
  return parts;
}
