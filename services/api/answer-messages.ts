// What the page behind a link in an alarm says, German and English. Whoever reads it was woken up: short
// sentences, no term of the program.
import type { Priority } from "../../config/paging.ts";

const priorities: Readonly<Record<Priority, string>> = {
  p1: "P1: sofort",
  p2: "P2: dringend",
  p3: "P3: heute",
  p4: "P4: bei Gelegenheit",
};

const de = {
  language: "de",
  product: "Heidewacht",
  priorities,
  title: { acknowledge: "Alarm übernehmen", decline: "Alarm ablehnen" },
  will: {
    acknowledge:
      "Wenn Sie auf den Knopf drücken, gilt der Alarm als von Ihnen übernommen. Es wird dann niemand sonst gerufen.",
    decline:
      "Wenn Sie auf den Knopf drücken, gilt der Alarm als von Ihnen abgelehnt. Es wird dann sofort die nächste Stelle gerufen.",
  },
  button: { acknowledge: "Alarm übernehmen", decline: "Alarm ablehnen" },
  what: "Was",
  priority: "Dringlichkeit",
  since: "Seit",
  for: "Für",
  done: {
    acknowledge: "Übernommen. Es wird niemand sonst gerufen.",
    decline: "Abgelehnt. Die nächste Stelle wird jetzt gerufen.",
  },
  doneTitle: { acknowledge: "Alarm übernommen", decline: "Alarm abgelehnt" },
  answeredTitle: "Schon beantwortet",
  answered: "Auf diesen Alarm wurde schon geantwortet. Mehr ist hier nicht zu tun.",
  overTitle: "Nichts mehr zu tun",
  over: "Dieser Alarm ist erledigt oder wurde inzwischen neu verschickt. Bitte nur dem neuesten folgen.",
  expiredTitle: "Link abgelaufen",
  expired: "Dieser Link gilt nicht mehr. Antworten können Sie noch in der Konsole.",
  formerTitle: "Antwort zählt nicht",
  former:
    "Sie stehen nicht mehr in der Rufbereitschaft, deshalb zählt Ihre Antwort nicht. Der Alarm läuft weiter, es werden andere gerufen. Wenn das nicht stimmt: bitte anrufen oder in der Konsole antworten.",
  unknownTitle: "Link ungültig",
  unknown:
    "Diesen Link gibt es nicht, oder er wurde beim Kopieren gekürzt. Bitte den ganzen Link aus der Nachricht öffnen.",
  formOld: "Die Seite war zu lange offen. Bitte noch einmal auf den Knopf drücken.",
  limitedTitle: "Zu viele Anfragen",
  limited: "Bitte in einer Minute noch einmal versuchen, oder in der Konsole antworten.",
  faultTitle: "Das ging nicht",
  fault:
    "Die Antwort wurde nicht angenommen. Bitte noch einmal versuchen, oder in der Konsole antworten.",
  console: "Befund in der Konsole öffnen",
};

/** The shape that every language fills. */
export type AnswerMessages = typeof de;

const en: AnswerMessages = {
  language: "en",
  product: "Heidewacht",
  priorities: {
    p1: "P1: now",
    p2: "P2: urgent",
    p3: "P3: today",
    p4: "P4: when there is time",
  },
  title: { acknowledge: "Take the page", decline: "Decline the page" },
  will: {
    acknowledge: "If you press the button, the page counts as yours. Nobody else is called then.",
    decline:
      "If you press the button, the page counts as declined by you. Whoever is next is called at once.",
  },
  button: { acknowledge: "Take the page", decline: "Decline the page" },
  what: "What",
  priority: "Urgency",
  since: "Since",
  for: "For",
  done: {
    acknowledge: "Taken. Nobody else is called.",
    decline: "Declined. Whoever is next is called now.",
  },
  doneTitle: { acknowledge: "Page taken", decline: "Page declined" },
  answeredTitle: "Answered already",
  answered: "This page was answered already. There is nothing more to do here.",
  overTitle: "Nothing left to do",
  over: "This page is dealt with, or was sent anew in the meantime. Please follow the newest one only.",
  expiredTitle: "Link expired",
  expired: "This link is no longer good. You can still answer in the console.",
  formerTitle: "This answer does not count",
  former:
    "You are no longer on call, so your answer does not count. The alarm goes on and others are called. If that is wrong, please telephone or answer in the console.",
  unknownTitle: "Link not valid",
  unknown:
    "There is no such link, or it was cut when it was copied. Please open the whole link of the message.",
  formOld: "The page was open for too long. Please press the button once more.",
  limitedTitle: "Too many requests",
  limited: "Please try again in a minute, or answer in the console.",
  faultTitle: "That did not work",
  fault: "The answer was not taken. Please try again, or answer in the console.",
  console: "Open the finding in the console",
};

/** All languages, by the person's. */
export const ANSWER_MESSAGES: Readonly<Record<"de" | "en", AnswerMessages>> = { de, en };
