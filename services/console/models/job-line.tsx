// The latest training or judging of a model: that it waits or runs, with a way to end it, or how it ended. The live region is
// always there and its text changes with the state alone, so that each change is read out once.
import { useState } from "react";
import { request } from "../api/client.ts";
import type { Messages } from "../messages/de.ts";
import { useSpeech } from "../messages/language.tsx";
import type { Formats } from "../model/format.ts";
import { isOpenJob, type ModelJob, type ModelView, wordFor } from "../model/model-view.ts";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { useToast } from "../shell/toast.tsx";
import { useRefreshModels } from "./use-model-change.ts";

interface JobProps {
  readonly view: ModelView;
  readonly mayChange: boolean;
}

export function JobLine({ view: { job }, mayChange }: JobProps) {
  const { messages, formats } = useSpeech();
  const isRunning = job?.state === "running";
  const isOpen = job !== undefined && isOpenJob(job);
  return (
    <div className="model-job">
      {isRunning && (
        <progress aria-label={messages.models.job.progress(messages.models.job.kinds[job.kind])} />
      )}
      <p role="status">
        {job !== undefined && job.state !== "failed" && jobText(job, messages, formats)}
      </p>
      {isOpen && mayChange && <Cancel key={job.id} job={job} />}
      {job?.state === "failed" && <Failed job={job} />}
    </div>
  );
}

function jobText(job: ModelJob, messages: Messages, formats: Formats): string {
  const texts = messages.models.job;
  const kind = texts.kinds[job.kind];
  const version = formats.number(job.version ?? 0);
  switch (job.state) {
    case "waiting":
      return texts.waiting(kind);
    case "running":
      return texts.running(kind, formats.moment(job.startedAt));
    case "done":
      return job.kind === "train" ? texts.trained(version) : texts.evaluated(version);
    case "cancelled":
      return texts.cancelled(kind);
    case "failed":
      return "";
  }
}

function Failed({ job }: { readonly job: ModelJob }) {
  const { messages } = useSpeech();
  const { job: texts, faults } = messages.models;
  const { place = "", fault = "" } = job;
  const mend = Object.hasOwn(faults, fault) ? wordFor(faults, fault) : texts.unknown;
  return (
    <p className="alert alert-danger" role="alert">
      <HostileText text={texts.failed(texts.kinds[job.kind], place, fault)} /> {mend}
    </p>
  );
}

function Cancel({ job }: { readonly job: ModelJob }) {
  const { messages } = useSpeech();
  const toast = useToast();
  const refresh = useRefreshModels();
  const [ending, setEnding] = useState(false);
  const texts = messages.models;
  const end = async () => {
    if (ending) return;
    setEnding(true);
    try {
      await request("DELETE", `/models/jobs/${encodeURIComponent(job.id)}`);
      toast({ text: texts.job.cancelling });
    } catch (error) {
      setEnding(false);
      toast({ text: errorText(error, messages) });
    }
    refresh();
  };
  return (
    <button type="button" className="judge" aria-disabled={ending} onClick={() => void end()}>
      {texts.steps.cancel}
    </button>
  );
}
