// How a finding is handled: whose it is, who follows it, how it may be passed on, and its tags. Accounts are
// shown as "you" or "somebody else" only.
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { VersionedFinding } from "../api/contract.ts";
import { sessionQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { visibleText } from "../model/visible-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { KeyHint } from "../shell/key-hint.tsx";
import { useShortcuts } from "../shell/shortcuts.ts";
import { useTriage } from "./triage.tsx";

interface HandlingProps {
  readonly data: VersionedFinding;
}

const TLP_ORDER = ["red", "amber_strict", "amber", "green", "clear"] as const;
const TAG_CHARS_MAX = 100;

export function Handling({ data }: HandlingProps) {
  const { messages } = useSpeech();
  const triage = useTriage();
  const { data: session } = useQuery({ ...sessionQuery, staleTime: Number.POSITIVE_INFINITY });
  const self = session?.account.id;
  const mayWrite = session?.capabilities.includes("findings:write") ?? false;
  const { version, finding } = data;
  const seen = { id: finding.id, version };
  const { assignee, watchers = [] } = finding;
  const isWatching = self !== undefined && watchers.includes(self);
  const texts = messages.suggestion;
  const assign = (to: string | null) => void triage.mark(seen, "assign", { assignee: to });
  const watch = () => void triage.mark(seen, "watch", { watching: !isWatching });
  useShortcuts((action) => {
    if (!mayWrite || self === undefined) return false;
    if (action.do === "assign") assign(self);
    else if (action.do === "watch") watch();
    else return false;
    return true;
  });
  const owner = assignee === undefined ? "nobody" : assignee === self ? "self" : "other";
  return (
    <section aria-labelledby="handling">
      <h3 id="handling">{texts.handling}</h3>
      <div className="handling-row">
        <span>
          {texts.assignee}: {texts[owner]}
        </span>
        {mayWrite && self !== undefined && owner !== "self" && (
          <button type="button" className="judge" onClick={() => assign(self)}>
            {texts.assign}
            <KeyHint name="I" />
          </button>
        )}
        {mayWrite && owner !== "nobody" && (
          <button type="button" className="judge" onClick={() => assign(null)}>
            {texts.unassign}
          </button>
        )}
      </div>
      <div className="handling-row">
        <span>
          {isWatching ? `${texts.watching} ` : ""}
          {texts.watchers(watchers.length)}
        </span>
        {mayWrite && (
          <button type="button" className="judge" onClick={watch}>
            {isWatching ? texts.unwatch : texts.watch}
            <KeyHint name="W" />
          </button>
        )}
      </div>
      <Sharing data={data} mayWrite={mayWrite} />
      <Tags data={data} mayWrite={mayWrite} />
    </section>
  );
}

interface PartProps extends HandlingProps {
  readonly mayWrite: boolean;
}

function Sharing({ data: { version, finding }, mayWrite }: PartProps) {
  const { messages } = useSpeech();
  const triage = useTriage();
  const texts = messages.suggestion;
  const { tlp } = finding;
  const set = (name: string) => {
    const chosen = TLP_ORDER.find((one) => one === name) ?? null;
    void triage.mark({ id: finding.id, version }, "tlp", { tlp: chosen });
  };
  return (
    <label className="handling-row">
      {texts.tlp}
      <select
        value={tlp ?? ""}
        disabled={!mayWrite}
        onChange={(event) => set(event.currentTarget.value)}
      >
        <option value="">{texts.tlpNone}</option>
        {TLP_ORDER.map((name) => (
          <option key={name} value={name}>
            {texts.tlpNames[name]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Tags({ data: { version, finding }, mayWrite }: PartProps) {
  const { messages } = useSpeech();
  const triage = useTriage();
  const [typed, setTyped] = useState("");
  const texts = messages.suggestion;
  const tags = finding.tags ?? [];
  const seen = { id: finding.id, version };
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const tag = typed.trim();
    if (tag === "") return;
    if (await triage.mark(seen, "tags", { add: [tag] })) setTyped("");
  };
  return (
    <div className="handling-row">
      <span id="finding-tags">{texts.tags}:</span>
      {tags.length === 0 && <span className="muted">{texts.noTags}</span>}
      <ul className="tags" aria-labelledby="finding-tags">
        {tags.map((tag) => (
          <li key={tag}>
            <HostileText text={tag} />
            {mayWrite && (
              <button
                type="button"
                className="link-button"
                aria-label={texts.tagRemove(visibleText(tag))}
                onClick={() => void triage.mark(seen, "tags", { remove: [tag] })}
              >
                ×
              </button>
            )}
          </li>
        ))}
      </ul>
      {mayWrite && (
        <form className="handling-row" onSubmit={(event) => void add(event)}>
          <input
            aria-label={texts.tagAdd}
            placeholder={texts.tagAdd}
            maxLength={TAG_CHARS_MAX}
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <button type="submit" className="judge">
            {texts.tagAddButton}
          </button>
        </form>
      )}
    </div>
  );
}
