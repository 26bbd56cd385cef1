// All keys on one page, in the words of the buttons.
import type { Messages } from "../messages/de.ts";
import { useSpeech } from "../messages/language.tsx";
import { Dialog } from "./dialog.tsx";
import { usePreferences } from "./preferences.tsx";

type Keys = readonly (readonly [meaning: string, ...keys: string[]])[];

export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const { messages } = useSpeech();
  const { preferences } = usePreferences();
  return (
    <Dialog title={messages.keys.title} onClose={onClose}>
      {!preferences.shortcuts && <p className="alert">{messages.keys.off}</p>}
      <div className="keys">
        {groupsOf(messages).map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([meaning, ...names]) => (
                <div key={meaning}>
                  <dt>
                    {names.map((name) => (
                      <kbd key={name}>{name}</kbd>
                    ))}
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function groupsOf({
  keys,
  verdict,
  nav,
  grouping,
  suggestion,
  paging,
}: Messages): readonly (readonly [string, Keys])[] {
  return [
    [
      keys.groups.move,
      [
        [keys.move, "J", "K", "↓", "↑"],
        [keys.page, "Bild ↓", "Bild ↑"],
        [keys.edge, "Pos1", "Ende"],
        [keys.open, "⏎"],
        [grouping.keys.expand, "→", "←"],
        [keys.close, "Esc"],
      ],
    ],
    [
      keys.groups.judge,
      [
        [verdict.true_positive, "T"],
        [verdict.benign_true_positive, "B"],
        [verdict.false_positive, "F", "1–4"],
        [verdict.duplicate, "D"],
        [verdict.undetermined, "U"],
        [keys.undo, "Z"],
        [keys.start, "S"],
        [grouping.keys.judgeAll, "T", "B", "F", "U"],
        [grouping.keys.declare, "A"],
        [grouping.keys.choose, "X", "␣"],
        [grouping.keys.bulk, "M"],
      ],
    ],
    [
      keys.groups.go,
      [
        [nav.queue, "G", "Q"],
        [nav.incidents, "G", "V"],
        [nav.events, "G", "E"],
        [nav.rules, "G", "R"],
        [nav.sources, "G", "D"],
        [nav.status, "G", "Z"],
        [nav.duty, "G", "W"],
        [nav.review, "G", "L"],
      ],
    ],
    [
      keys.groups.other,
      [
        [keys.search, "/"],
        [keys.refresh, "N"],
        [suggestion.keys.assign, "I"],
        [suggestion.keys.watch, "W"],
        [suggestion.keys.comment, "C"],
        [suggestion.keys.suspect, "V"],
        [paging.finding.key, "P"],
        [keys.keys, "?"],
      ],
    ],
  ];
}
