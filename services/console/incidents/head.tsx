// The head of an incident's page: what it is, where it stands, and the steps that can be taken.
import { useQuery } from "@tanstack/react-query";
import { shortId } from "../../store/short-id.ts";
import { sessionQuery } from "../api/queries.ts";
import { BlockButton } from "../block-lists/block-button.tsx";
import { useSpeech } from "../messages/language.tsx";
import { PHASES, phaseOf } from "../model/incident-phase.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { LevelSymbol } from "../shell/level-symbol.tsx";
import { tlpWord } from "./ending-dialogs.tsx";
import { StepButton } from "./step-button.tsx";
import { useIncident, useMay, useQuickStep } from "./use-incident.ts";

const STEPS = ["compromise", "contain", "recover", "impact", "close", "reopen", "edit"] as const;

export function Head() {
  const { messages } = useSpeech();
  const { incident } = useIncident();
  const texts = messages.incidents;
  const { id, severity, category, verdict, tlp, exercise, tags, title, description } = incident;
  return (
    <header className={`detail-head level-${severity}`}>
      <p className="detail-meta">
        <LevelSymbol level={severity} />
        <span className="chip">{texts.verdicts[verdict]}</span>
        <span className="chip">{texts.categories[category]}</span>
        <span className="chip">{tlpWord(tlp)}</span>
        {exercise && <span className="chip">{texts.exercise}</span>}
        {tags.map((tag) => (
          <span key={tag} className="chip">
            <HostileText text={tag} />
          </span>
        ))}
        <span className="muted">
          {texts.id}{" "}
          <span className="mono" title={id}>
            <HostileText text={shortId(id)} />
          </span>
        </span>
        <Assignment />
      </p>
      <h1 id="incident-title">
        <HostileText text={title} />
      </h1>
      <PhaseLine />
      {description !== "" && (
        <p className="summary incident-description">
          <HostileText text={description} />
        </p>
      )}
      <Steps />
    </header>
  );
}

function PhaseLine() {
  const { messages } = useSpeech();
  const { incident } = useIncident();
  const { phase: label, phases } = messages.incidents;
  const phase = phaseOf(incident);
  if (phase === "merged" || phase === "split")
    return <span className="chip chip-closed">{phases[phase]}</span>;
  return (
    <ol className="phases" aria-label={label}>
      {PHASES.map((one) => (
        <li key={one} {...(one === phase ? { "aria-current": "step" as const } : {})}>
          {phases[one]}
        </li>
      ))}
    </ol>
  );
}

function Assignment() {
  const { messages } = useSpeech();
  const { incident } = useIncident();
  const self = useQuery(sessionQuery).data?.account.id;
  const { assigned } = messages.incidents;
  const { assignee } = incident;
  if (assignee === undefined) return <span className="muted">{assigned.none}</span>;
  return <span className="muted">{assignee === self ? assigned.self : assigned.other}</span>;
}

function Steps() {
  const { messages } = useSpeech();
  const { incident } = useIncident();
  const may = useMay();
  const send = useQuickStep();
  const self = useQuery(sessionQuery).data?.account.id;
  const texts = messages.incidents;
  const isMine = incident.assignee !== undefined && incident.assignee === self;
  const isWatching = self !== undefined && incident.watchers.includes(self);
  return (
    <fieldset className="incident-steps">
      <legend className="kern-sr-only">{texts.steps}</legend>
      {STEPS.map((step) => (
        <StepButton key={step} step={step} />
      ))}
      {may("assign") && self !== undefined && (
        <button
          type="button"
          className="judge"
          onClick={() => send("assign", { assignee: isMine ? null : self })}
        >
          {isMine ? texts.release : texts.take}
        </button>
      )}
      {may("watch") && (
        <button
          type="button"
          className="judge"
          onClick={() => send("watch", { watching: !isWatching })}
        >
          {isWatching ? texts.unwatch : texts.watch}
        </button>
      )}
      <BlockButton kind="incident" id={incident.id} />
    </fieldset>
  );
}
