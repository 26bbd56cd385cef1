// English texts that incidents, exceptions, maintenance windows and block lists share.
import type { casesDe } from "./cases-de.ts";

export const casesEn: typeof casesDe = {
  now: "Insert now",
  hiding: { label: "What hides findings", exceptions: "Exceptions", maintenance: "Maintenance" },
  acting: { label: "Incidents and blocks", incidents: "Incidents", blocks: "Block lists" },
  save: "Save",
  copy: "Copy",
  copied: "Copied.",
  copyFailed: "Copying did not work. Please select the text.",
  reason: "Reason",
  reasonHint: "Is kept. No names of persons.",
  matchers: "What it is about: all must hold",
  owner: "Owner",
  until: (at) => `until ${at}`,
  consent: {
    title: "Second person",
    none: "not needed",
    waiting: "waits for a second person",
    agreed: (at) => `agreed on ${at}`,
    agree: "Agree",
    agreedToast: "Agreed. It is in force now.",
    self: "You proposed it; somebody else has to agree.",
    needs: {
      true_positives: "It would have hidden findings that were judged true positive.",
      critical_detector: "The rule reports what is critical.",
      preview_truncated: "There was more than could be looked at.",
      block_list: "A block holds for everybody.",
    },
  },
  preview: {
    title: "What that would have hidden in 30 days",
    wait: "Looking …",
    none: "No complete condition yet.",
    counts: (days, findings, signals) =>
      `In the last ${days} days: findings ${findings}, hits ${signals}.`,
    leaving: (n) => `Open findings that leave the queue at once: ${n}.`,
    critical: (n) => `Attention: critical findings among them: ${n}.`,
    truePositives: (n) =>
      `Attention: findings that are or were judged true positive: ${n}. All of them are listed here.`,
    examples: "The newest",
    truncated: "There were more findings than were counted. No true positive is left out.",
    second: "A second person has to agree before it holds:",
    alone: "It holds at once; nobody else has to agree.",
  },
  withdraw: "Withdraw …",
  withdrawTitle: "Withdraw",
  withdrawText: "As if it had never been made: what was hidden comes back.",
  withdrawn: "Withdrawn.",
};
