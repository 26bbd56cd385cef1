// All versions of a model, the newest first: when and from what each was trained, what it was worth on examples that
// were held out, and the rest of what is known of it when asked for.

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { hasFewExamples } from "../../store/model-examples.ts";
import { sessionQuery } from "../api/queries.ts";
import type { Messages } from "../messages/de.ts";
import { useSpeech } from "../messages/language.tsx";
import type { Formats } from "../model/format.ts";
import {
  figuresOf,
  type ModelFigure,
  type ModelVersion,
  type ModelView,
  wordFor,
} from "../model/model-view.ts";
import { HostileText } from "../shell/hostile-text.tsx";

const COLUMNS = 6;

interface VersionTableProps {
  readonly view: ModelView;
  /** Undefined: the reader may not. */
  readonly onPromote: ((version: ModelVersion) => void) | undefined;
}

export function VersionTable({ view, onPromote }: VersionTableProps) {
  const { messages } = useSpeech();
  const texts = messages.models.versions;
  return (
    <table className="data wide version-table">
      <caption>{texts.title}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.version}</th>
          <th scope="col">{texts.state}</th>
          <th scope="col">{texts.trained}</th>
          <th scope="col">{texts.examples}</th>
          <th scope="col">{texts.worth}</th>
          {onPromote && <th scope="col">{texts.step}</th>}
        </tr>
      </thead>
      {view.versions.map((version) => (
        <Version key={version.version} name={view.name} version={version} onPromote={onPromote} />
      ))}
    </table>
  );
}

interface VersionProps extends Pick<VersionTableProps, "onPromote"> {
  readonly name: string;
  readonly version: ModelVersion;
}

function Version({ name, version, onPromote }: VersionProps) {
  const { messages, formats } = useSpeech();
  const { versions: texts, examples: words, steps } = messages.models;
  const { state, window, examples, promotedAt, promotedBy } = version;
  const number = formats.number(version.version);
  const who = useActorWord();
  const counts = figuresOf(examples);
  return (
    <tbody>
      <tr>
        <th scope="row" className="tabular">
          {texts.version} {number}
        </th>
        <td>
          <span className={`chip chip-model-${state}`}>{texts.states[state]}</span>
        </td>
        <td data-label={texts.trained} className="tabular">
          {formats.moment(version.trainedAt)}
          <span className="muted small note">{texts.by(who(version.trainedBy))}</span>
          {promotedAt !== undefined && (
            <span className="muted small note">
              {texts.promoted(formats.moment(promotedAt), who(promotedBy))}
            </span>
          )}
        </td>
        <td data-label={texts.examples} className="tabular">
          {counts
            .map(({ key, value }) => `${formats.number(value)} ${wordFor(words, key)}`)
            .join(", ")}
          <span className="muted small note">
            {texts.span(formats.day(window.from), formats.day(window.to))}
          </span>
        </td>
        <td data-label={texts.worth}>
          <Figures figures={figuresOf(version.metrics).filter(isWorth)} />
          {hasFewExamples(name, examples.site) && (
            <p className="alert">{texts.few(formats.number(examples.site))}</p>
          )}
        </td>
        {onPromote && (
          <td>
            {state !== "active" && (
              <button
                type="button"
                className="judge"
                aria-label={steps.promote(number)}
                onClick={() => onPromote(version)}
              >
                {steps.promoteShort}
              </button>
            )}
          </td>
        )}
      </tr>
      <tr>
        <td colSpan={onPromote ? COLUMNS : COLUMNS - 1}>
          <details>
            <summary>{texts.details(number)}</summary>
            <Details version={version} />
          </details>
        </td>
      </tr>
    </tbody>
  );
}

function Details({ version }: { readonly version: ModelVersion }) {
  const { messages, formats } = useSpeech();
  const texts = messages.models.versions;
  const { features, seed, basedOn, backend, trainingMs, bytes, hash, window } = version;
  const tried = figuresOf(version.metrics).filter((figure) => !isWorth(figure));
  const pairs: readonly (readonly [string, ReactNode])[] = [
    [texts.window, texts.span(formats.moment(window.from), formats.moment(window.to))],
    [texts.features, formats.number(features)],
    [texts.seed, String(seed)],
    [
      texts.basedOn,
      basedOn === undefined ? texts.anew : `${texts.version} ${formats.number(basedOn)}`,
    ],
    [texts.backend, <HostileText key="backend" text={backend} />],
    [texts.duration, formats.span(trainingMs)],
    [texts.size, texts.kilobytes(formats.number(Math.ceil(bytes / 1000)))],
    [texts.hash, <HostileText key="hash" text={hash} />],
  ];
  return (
    <div className="version-details">
      <dl className="source-pairs">
        {pairs.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd className={term === texts.hash ? "mono" : "tabular"}>{value}</dd>
          </div>
        ))}
        {tried.map((figure) => (
          <div key={figure.key}>
            <dt>{wordFor(messages.models.figures, figure.key)}</dt>
            <dd className="tabular">{figureText(figure, formats)}</dd>
          </div>
        ))}
      </dl>
      {[...version.evaluations].reverse().map(({ at, window: judged, metrics }) => (
        <div key={at}>
          <p>
            {texts.evaluation(
              formats.moment(at),
              formats.moment(judged.from),
              formats.moment(judged.to),
            )}
          </p>
          <Figures figures={figuresOf(metrics)} />
        </div>
      ))}
    </div>
  );
}

/** A count says how much was tried, not how well it went. */
function isWorth({ form }: ModelFigure): boolean {
  return form !== "count";
}

function Figures({ figures }: { readonly figures: readonly ModelFigure[] }) {
  const { messages, formats } = useSpeech();
  return (
    <dl className="model-figures">
      {figures.map((figure) => (
        <div key={figure.key}>
          <dt>{wordFor(messages.models.figures, figure.key)}</dt>
          <dd className="tabular">{figureText(figure, formats)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The value as its kind is written. */
export function figureText({ value, form }: ModelFigure, formats: Formats): string {
  if (form === "share") return formats.share(value);
  return form === "count" ? formats.number(value) : formats.ratio(value);
}

/** Whoever reads is told apart from all others, who stay unnamed. */
function useActorWord(): (actor: string | undefined) => string {
  const { messages } = useSpeech();
  const { data: session } = useQuery({ ...sessionQuery, staleTime: Number.POSITIVE_INFINITY });
  const words: Messages["finding"]["actors"] = messages.finding.actors;
  return (actor) =>
    actor === session?.account.id ? words.self : actor === "system" ? words.system : words.other;
}
