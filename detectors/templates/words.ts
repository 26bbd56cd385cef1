// The words of the detector of log streams: what its features and kinds are called. Typed by its German half.
import type { DetectorWords } from "../anomaly/explanation.ts";
import type { AnomalyLanguage } from "../anomaly/messages.ts";

const de = {
  templates: {
    features: {
      "templates.new": "Meldung",
      "templates.order": "Meldung nach den letzten dieses Geräts",
      "templates.successor": "Meldung, auf die ihre übliche Folgemeldung ausblieb",
      "templates.transition": "Meldung nach einer, auf die sie nie folgte",
    },
    kinds: {
      missing_successor: "auf eine Meldung folgt nicht, was sonst immer folgt",
      new_template: "schreibt eine Meldung, die es in dieser Quelle nie gab",
      rare_order:
        "schreibt bekannte Meldungen in einer Folge, die nach den vorigen nicht zu erwarten war",
      rare_transition: "schreibt Meldungen in einer Reihenfolge, die es nie gab",
    },
  },
};

const en: typeof de = {
  templates: {
    features: {
      "templates.new": "message",
      "templates.order": "message after the last ones of this device",
      "templates.successor": "message whose usual successor did not come",
      "templates.transition": "message after one that it never followed",
    },
    kinds: {
      missing_successor: "what always follows a message did not follow",
      new_template: "writes a message that this source never had",
      rare_order:
        "writes known messages in an order that was not to be expected after those before",
      rare_transition: "writes messages in an order that never was",
    },
  },
};

/** Words by language and detector. */
export const templateWords: Readonly<
  Record<AnomalyLanguage, Readonly<Record<string, DetectorWords>>>
> = { de, en };
