// What a human reads of a manipulation attempt: title, description, false positives and steps, as the rules
// of the starter pack have them. Typed by its German half.

const de = {
  title: {
    instruction: "Manipulationsversuch in Protokolldaten: Anweisung an ein Sprachmodell",
    forgery: "Manipulationsversuch in Protokolldaten: gefälschte Protokollzeilen",
    markup: "Manipulationsversuch in Protokolldaten: eingeschleuster aktiver Inhalt",
  },
  description: {
    instruction:
      "In einem Feld, das von außen gefüllt werden kann, steht eine Anweisung an ein Sprachmodell (auch verborgen in unsichtbaren Zeichen, ähnlich aussehenden Buchstaben oder kodiert). Wer so etwas in Protokolle schreibt, will die maschinelle Auswertung lenken und damit meist einen anderen Vorgang verdecken.",
    forgery:
      "Ein Wert enthält Zeilenumbrüche mit dem Anfang einer Protokollzeile oder Steuerzeichen für Terminals. So werden Einträge vorgetäuscht, andere überdeckt, oder es wird die Anzeige beim Lesen manipuliert.",
    markup:
      "Ein Wert enthält Skripte, nachladende Bilder oder Verweise, Tabellenformeln oder Zeichen, die die Schreibrichtung umkehren. Sie wirken erst dort, wo jemand das Protokoll ansieht, ausgibt oder exportiert.",
  },
  falsePositives: [
    "Sicherheitsprüfung oder Schwachstellenscan im Auftrag der Verwaltung",
    "Schulungs- oder Dokumentationsinhalte über Angriffe auf Sprachmodelle",
    "Ausgaben von Entwicklungswerkzeugen",
  ],
  response: [
    "Beleg als Text lesen und nichts davon ausführen, anklicken oder in andere Werkzeuge kopieren",
    "Prüfen, was dieselbe Quelle oder Adresse kurz vor und nach dem Eintrag getan hat",
    "KI-Vorschläge zu Befunden derselben Quelle und Zeit nicht verwenden und den Verdacht melden",
    "Betroffene Anwendung auf Bereinigung ihrer Protokolleinträge prüfen",
  ],
};

const en: typeof de = {
  title: {
    instruction: "Manipulation attempt in log data: instruction to a language model",
    forgery: "Manipulation attempt in log data: forged log lines",
    markup: "Manipulation attempt in log data: smuggled active content",
  },
  description: {
    instruction:
      "A field that can be filled from outside holds an instruction to a language model (possibly hidden in invisible characters, look-alike letters or encodings). Whoever writes that into logs wants to steer the evaluation by machines, mostly to cover something else.",
    forgery:
      "A value holds line breaks with the beginning of a log line, or control characters of terminals. They feign entries, cover others, or manipulate what a reader sees.",
    markup:
      "A value holds scripts, pictures or links that fetch, formulas of spreadsheets, or characters that turn the direction of writing. They act where somebody looks at the log or exports it.",
  },
  falsePositives: [
    "Security test or vulnerability scan on behalf of the administration",
    "Training or documentation about attacks on language models",
    "Output of development tools",
  ],
  response: [
    "Read the evidence as text; run, click and copy nothing of it",
    "See what the same source or address did shortly before and after",
    "Use no AI suggestions on findings of this source and time, and report the suspicion",
    "Check whether the application cleans what it writes to its log",
  ],
};

/** The catalogue of a language. */
export const MANIPULATION_MESSAGES = { de, en };
export type ManipulationLanguage = keyof typeof MANIPULATION_MESSAGES;
