// Ending a maintenance window: from now on, or as if it had never been planned.
import { useState } from "react";
import type { Maintenance } from "../api/case-contract.ts";
import { ConditionList } from "../exceptions/condition-list.tsx";
import { useChange } from "../exceptions/use-change.ts";
import { useSpeech } from "../messages/language.tsx";
import { Dialog } from "../shell/dialog.tsx";
import { formFault } from "../shell/form-fault.ts";
import { Fault } from "../sign-in/form-parts.tsx";

interface EndProps {
  readonly window: Maintenance;
  readonly onClose: () => void;
}

export function EndMaintenanceDialog({ window, onClose }: EndProps) {
  const { messages } = useSpeech();
  const change = useChange();
  const [fault, setFault] = useState("");
  const texts = messages.maintenance;
  async function end(withdraw: boolean): Promise<void> {
    setFault("");
    try {
      const path = `/maintenance/${encodeURIComponent(window.id)}/end`;
      await change(path, { withdraw }, () => texts.endedToast);
      onClose();
    } catch (error) {
      setFault(formFault(error, messages));
    }
  }
  return (
    <Dialog title={texts.endTitle} onClose={onClose}>
      <Fault text={fault} />
      <ConditionList matchers={window.matchers} />
      <p>{texts.endText}</p>
      <ul className="choices">
        {window.state !== "over" && (
          <li>
            <button type="button" onClick={() => void end(false)}>
              {texts.endNow}
            </button>
          </li>
        )}
        <li>
          <button type="button" onClick={() => void end(true)}>
            {texts.endWithdraw}
          </button>
        </li>
      </ul>
    </Dialog>
  );
}
