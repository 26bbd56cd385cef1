// The claims of a suggestion. The words are the model's; what stands in the slots comes from the evidence,
// looks like quoted data, and leads to the event that it was taken from.
import type { AnnotationAnswer } from "../api/contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { visibleText } from "../model/visible-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { useToast } from "../shell/toast.tsx";
import { showCited } from "./cited-event.ts";

type Part = AnnotationAnswer["claims"][number]["parts"][number];
type Slot = Exclude<Part, { readonly type: "text" }>;

export function Claims({ annotation }: { readonly annotation: AnnotationAnswer }) {
  return (
    <ul className="claims">
      {keyed(annotation.claims).map(([claim, key]) => (
        <li key={key}>
          {keyed(claim.parts).map(([part, place]) =>
            part.type === "text" ? (
              <HostileText key={place} text={part.text} />
            ) : (
              <SlotButton key={place} slot={part} />
            ),
          )}
        </li>
      ))}
    </ul>
  );
}

/** A stored suggestion never changes its order, so that places are good keys. */
function keyed<T>(list: readonly T[]): readonly (readonly [T, string])[] {
  return list.map((one, at) => [one, String(at)] as const);
}

function SlotButton({ slot }: { readonly slot: Slot }) {
  const { messages } = useSpeech();
  const toast = useToast();
  const texts = messages.suggestion;
  const value = visibleText(slot.value);
  const show = () => {
    if (!showCited(slot.event, slot.field)) toast({ text: texts.slotGone });
  };
  return (
    <button
      type="button"
      className="slot"
      aria-label={texts.slot(value, visibleText(slot.field))}
      title={visibleText(slot.field)}
      onClick={show}
    >
      <bdi>{slot.type === "value" ? <q>{value}</q> : value}</bdi>
    </button>
  );
}
