// All maintenance windows with their state and next turn; planning one, agreeing to it, ending it early.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Maintenance } from "../api/case-contract.ts";
import { maintenanceQuery } from "../api/case-queries.ts";
import { useReader } from "../exceptions/use-change.ts";
import { useSpeech } from "../messages/language.tsx";
import { errorText } from "../shell/error-text.ts";
import { HidingNav } from "../shell/sub-nav.tsx";
import { useTitle } from "../shell/use-title.ts";
import { EndMaintenanceDialog } from "./end-dialog.tsx";
import { MaintenanceDialog } from "./maintenance-dialog.tsx";
import { MaintenanceTable } from "./maintenance-table.tsx";

export function MaintenancePage() {
  const { messages } = useSpeech();
  const { data, error, isPending } = useQuery(maintenanceQuery);
  const { mayWrite } = useReader();
  const [planning, setPlanning] = useState(false);
  const [ending, setEnding] = useState<Maintenance | undefined>();
  const texts = messages.maintenance;
  useTitle(texts.title);
  const windows = data?.maintenance ?? [];
  return (
    <div className="page">
      <HidingNav />
      <h1>{texts.title}</h1>
      <p className="muted">{texts.intro}</p>
      {mayWrite && (
        <button
          type="button"
          className="kern-btn kern-btn--primary"
          onClick={() => setPlanning(true)}
        >
          <span className="kern-label">{texts.add}</span>
        </button>
      )}
      {isPending && <p className="muted">{messages.common.loading}</p>}
      {error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(error, messages)}
        </p>
      )}
      {data && windows.length === 0 && <p className="muted">{texts.none}</p>}
      {windows.length > 0 && <MaintenanceTable windows={windows} onEnd={setEnding} />}
      {data?.truncated && <p className="muted small">{texts.truncated}</p>}
      {planning && <MaintenanceDialog onClose={() => setPlanning(false)} />}
      {ending && <EndMaintenanceDialog window={ending} onClose={() => setEnding(undefined)} />}
    </div>
  );
}
