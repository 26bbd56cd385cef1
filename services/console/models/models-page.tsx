// The page of models: the alarm budget with what the last days had, whether the surroundings have changed, and each
// trained model with its versions and what a human can do with them.
import { useQuery } from "@tanstack/react-query";
import { modelsQuery } from "../api/model-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { isOpenJob, modelViews } from "../model/model-view.ts";
import { errorText } from "../shell/error-text.ts";
import { DetectingNav } from "../shell/sub-nav.tsx";
import { useMay } from "../shell/use-may.ts";
import { useTitle } from "../shell/use-title.ts";
import { BudgetSection } from "./budget-section.tsx";
import { DriftSection } from "./drift-section.tsx";
import { ModelSection } from "./model-section.tsx";

export function ModelsPage() {
  const { messages } = useSpeech();
  const { data, error, isPending } = useQuery(modelsQuery);
  const mayChange = useMay("models:write");
  const texts = messages.models;
  useTitle(texts.title);
  const views = data === undefined ? [] : modelViews(data);
  const isBusy = data?.jobs.some(isOpenJob) ?? false;
  return (
    <div className="page">
      <DetectingNav />
      <h1>{texts.title}</h1>
      <p className="prose">{texts.intro}</p>
      <BudgetSection />
      <DriftSection />
      <section aria-labelledby="models-learnt">
        <h2 id="models-learnt">{texts.learnt}</h2>
        {!mayChange && <p className="muted">{texts.readOnly}</p>}
        {isPending && <p className="muted">{messages.common.loading}</p>}
        {error !== null && (
          <p className="alert alert-danger" role="alert">
            {errorText(error, messages)}
          </p>
        )}
        {views.map((view) => (
          <ModelSection key={view.name} view={view} isBusy={isBusy} mayChange={mayChange} />
        ))}
      </section>
    </div>
  );
}
