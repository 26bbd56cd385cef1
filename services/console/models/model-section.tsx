// One trained model: what it looks for, what is in force and what runs in the shadow, the steps that a human may
// take, a running training, the comparison of both versions and all versions.
import { useId, useState } from "react";
import { useSpeech } from "../messages/language.tsx";
import { type ModelVersion, type ModelView, wordFor } from "../model/model-view.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { ComparisonSection } from "./comparison-section.tsx";
import { EvaluateDialog, TrainDialog } from "./job-dialogs.tsx";
import { JobLine } from "./job-line.tsx";
import { PromoteDialog } from "./promote-dialog.tsx";
import { VersionTable } from "./version-table.tsx";

interface ModelProps {
  readonly view: ModelView;
  /** Something is trained or judged, of this model or another. */
  readonly isBusy: boolean;
  readonly mayChange: boolean;
}

/** What is being asked for: `promote` and `rollback` name the version that will be in force. */
type Asking =
  | { readonly step: "train" | "evaluate" }
  | { readonly step: "promote" | "rollback"; readonly version: ModelVersion };

export function ModelSection({ view, isBusy, mayChange }: ModelProps) {
  const { messages } = useSpeech();
  const [asking, setAsking] = useState<Asking | undefined>();
  const id = useId();
  const { name, versions } = view;
  const { about, detectors } = messages.models;
  const close = () => setAsking(undefined);
  return (
    <section className="model" aria-labelledby={id}>
      <h3 id={id}>
        <HostileText text={wordFor(detectors, name)} />{" "}
        <span className="muted mono">
          <HostileText text={name} />
        </span>
      </h3>
      {Object.hasOwn(about, name) && <p className="prose muted">{about[name]}</p>}
      <StateText view={view} />
      <JobLine view={view} mayChange={mayChange} />
      {mayChange && <Steps view={view} isBusy={isBusy} onAsk={setAsking} />}
      {view.shadow && <ComparisonSection view={view} shadow={view.shadow} />}
      {versions.length > 0 && (
        <VersionTable
          view={view}
          onPromote={mayChange ? (version) => setAsking({ step: "promote", version }) : undefined}
        />
      )}
      {asking?.step === "train" && <TrainDialog view={view} onClose={close} />}
      {asking?.step === "evaluate" && <EvaluateDialog view={view} onClose={close} />}
      {(asking?.step === "promote" || asking?.step === "rollback") && (
        <PromoteDialog
          view={view}
          version={asking.version}
          isBack={asking.step === "rollback"}
          onClose={close}
        />
      )}
    </section>
  );
}

function StateText({ view }: { readonly view: ModelView }) {
  const { messages, formats } = useSpeech();
  const texts = messages.models.state;
  const { versions, active, shadow } = view;
  if (versions.length === 0) return <p className="prose model-state">{texts.none}</p>;
  const { promotedAt } = active ?? {};
  const since = promotedAt === undefined ? undefined : formats.moment(promotedAt);
  return (
    <p className="prose model-state">
      {active !== undefined && texts.active(formats.number(active.version), since)}
      {active === undefined && (shadow === undefined ? texts.idle : texts.noneActive)}
      {shadow !== undefined && ` ${texts.shadow(formats.number(shadow.version))}`}
    </p>
  );
}

interface StepsProps {
  readonly view: ModelView;
  readonly isBusy: boolean;
  readonly onAsk: (asking: Asking) => void;
}

function Steps({ view, isBusy, onAsk }: StepsProps) {
  const { messages, formats } = useSpeech();
  const texts = messages.models.steps;
  const { name, versions, shadow, before } = view;
  // What runs is said above; a press while it does says the same.
  const ask = (step: "train" | "evaluate") => () => {
    if (!isBusy) onAsk({ step });
  };
  const label = texts.label(wordFor(messages.models.detectors, name));
  return (
    <fieldset className="case-buttons" aria-label={label}>
      <button type="button" className="judge" aria-disabled={isBusy} onClick={ask("train")}>
        {texts.train}
      </button>
      {versions.length > 0 && (
        <button type="button" className="judge" aria-disabled={isBusy} onClick={ask("evaluate")}>
          {texts.evaluate}
        </button>
      )}
      {shadow && (
        <button
          type="button"
          className="judge"
          onClick={() => onAsk({ step: "promote", version: shadow })}
        >
          {texts.promote(formats.number(shadow.version))}
        </button>
      )}
      {before && (
        <button
          type="button"
          className="judge"
          onClick={() => onAsk({ step: "rollback", version: before })}
        >
          {texts.rollback(formats.number(before.version))}
        </button>
      )}
    </fieldset>
  );
}
