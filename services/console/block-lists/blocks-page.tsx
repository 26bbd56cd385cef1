// The entries of the block lists: proposing one, approving it as a second person, saying that it is in place,
// withdrawing it.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Block } from "../api/case-contract.ts";
import { blocksQuery } from "../api/case-queries.ts";
import { useReader } from "../exceptions/use-change.ts";
import { WithdrawDialog } from "../exceptions/withdraw-dialog.tsx";
import { useSpeech } from "../messages/language.tsx";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { ActingNav } from "../shell/sub-nav.tsx";
import { useTitle } from "../shell/use-title.ts";
import { BlockDialog } from "./block-dialog.tsx";
import { BlockTable, pathOf } from "./block-table.tsx";
import { CompleteBlockDialog } from "./complete-dialog.tsx";

type Open = { readonly what: "complete" | "withdraw"; readonly block: Block };

export function BlocksPage() {
  const { messages } = useSpeech();
  const { data, error, isPending } = useQuery(blocksQuery);
  const { mayWrite } = useReader();
  const [proposing, setProposing] = useState(false);
  const [open, setOpen] = useState<Open | undefined>();
  const texts = messages.blocks;
  useTitle(texts.title);
  const close = () => setOpen(undefined);
  const entries = data?.entries ?? [];
  return (
    <div className="page">
      <ActingNav />
      <h1>{texts.title}</h1>
      <p className="muted">{texts.intro}</p>
      {mayWrite && (
        <button
          type="button"
          className="kern-btn kern-btn--primary"
          onClick={() => setProposing(true)}
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
      {data && entries.length === 0 && <p className="muted">{texts.none}</p>}
      {entries.length > 0 && (
        <BlockTable
          entries={entries}
          onComplete={(block) => setOpen({ what: "complete", block })}
          onWithdraw={(block) => setOpen({ what: "withdraw", block })}
        />
      )}
      {data?.truncated && <p className="muted small">{texts.truncated}</p>}
      {proposing && <BlockDialog onClose={() => setProposing(false)} />}
      {open?.what === "complete" && <CompleteBlockDialog block={open.block} onClose={close} />}
      {open?.what === "withdraw" && (
        <WithdrawDialog path={pathOf(open.block)} text={texts.withdrawText} onClose={close}>
          <p className="mono">
            <HostileText text={open.block.value} />
          </p>
        </WithdrawDialog>
      )}
    </div>
  );
}
