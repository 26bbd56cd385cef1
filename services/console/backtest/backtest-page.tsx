// Backtests: choose rules and a span of the archive, watch the run, look at what it found.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  backtestQuery,
  backtestsQuery,
  cancelBacktest,
  startBacktest,
} from "../api/backtest-queries.ts";
import { ApiError } from "../api/client.ts";
import type { BacktestBody, BacktestJob } from "../api/contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { errorText } from "../shell/error-text.ts";
import { DetectingNav } from "../shell/sub-nav.tsx";
import { useTitle } from "../shell/use-title.ts";
import { BacktestForm } from "./backtest-form.tsx";
import { BacktestResult } from "./backtest-result.tsx";

export function BacktestPage() {
  const { messages } = useSpeech();
  const texts = messages.backtest;
  const client = useQueryClient();
  const [chosen, setChosen] = useState<string>();
  const [fault, setFault] = useState("");
  const list = useQuery(backtestsQuery);
  // Whoever comes back finds the newest one, running or done.
  const id = chosen ?? list.data?.backtests[0]?.id;
  const { data: job } = useQuery(backtestQuery(id));
  useTitle(texts.title);
  const start = async (body: BacktestBody) => {
    setFault("");
    try {
      const started = await startBacktest(body);
      client.setQueryData(backtestQuery(started.id).queryKey, started);
      setChosen(started.id);
    } catch (error) {
      const isBusy = error instanceof ApiError && error.code === "HW_BUSY";
      setFault(isBusy ? texts.busy : errorText(error, messages));
    }
  };
  const cancel = async (running: string) => {
    try {
      await cancelBacktest(running);
      await client.invalidateQueries({ queryKey: backtestQuery(running).queryKey });
    } catch (error) {
      setFault(errorText(error, messages));
    }
  };
  const isRunning = job?.state === "running";
  return (
    <div className="page">
      <DetectingNav />
      <h1>{texts.title}</h1>
      <p className="muted prose">{texts.intro}</p>
      <BacktestForm isRunning={isRunning} onStart={(body) => void start(body)} />
      {fault !== "" && (
        <p className="alert alert-danger" role="alert">
          {fault}
        </p>
      )}
      {job !== undefined && <Progress job={job} onCancel={() => void cancel(job.id)} />}
      {job?.result !== undefined && <BacktestResult name={job.name} result={job.result} />}
    </div>
  );
}

function Progress({ job, onCancel }: { readonly job: BacktestJob; readonly onCancel: () => void }) {
  const { messages, formats } = useSpeech();
  const texts = messages.backtest;
  if (job.state === "failed") {
    return (
      <p className="alert alert-danger" role="alert">
        {texts.failed(job.fault ?? "")}
      </p>
    );
  }
  const { events, hits, share } = job.progress;
  const isRunning = job.state === "running";
  return (
    <div className="backtest-progress">
      {isRunning && (
        <>
          <progress value={share} max={1} aria-label={texts.progress} />
          <button type="button" className="kern-btn kern-btn--secondary" onClick={onCancel}>
            <span className="kern-label">{texts.cancel}</span>
          </button>
          <p className="muted tabular">
            {texts.running(formats.number(events), formats.number(hits))}
          </p>
        </>
      )}
    </div>
  );
}
