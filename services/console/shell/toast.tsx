// Short messages at the foot of the screen, read out by screen readers, each with at most one action.
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useSpeech } from "../messages/language.tsx";
import { KeyHint } from "./key-hint.tsx";

interface Toast {
  readonly text: string;
  readonly action?: { readonly label: string; readonly key?: string; readonly run: () => void };
}

const SHOWN_MS = 12_000;
const ToastContext = createContext<(toast: Toast) => void>(() => undefined);

/** Shows the newest message in a live region that is always in the page, so that it is announced. */
export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const { messages } = useSpeech();
  const [shown, setShown] = useState<(Toast & { readonly count: number }) | undefined>();
  const counter = useRef(0);
  const show = useCallback((toast: Toast) => {
    counter.current += 1;
    setShown({ ...toast, count: counter.current });
  }, []);
  useEffect(() => {
    if (shown === undefined) return;
    const timer = setTimeout(() => setShown(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown]);
  const dismiss = useMemo(() => () => setShown(undefined), []);
  return (
    <ToastContext.Provider value={show}>
      {children}
      <section className="toast-place" aria-live="polite" aria-label={messages.live.on}>
        {shown && (
          <div className="toast" key={shown.count}>
            <span className="toast-text">{shown.text}</span>
            {shown.action && (
              <button type="button" className="toast-action" onClick={shown.action.run}>
                {shown.action.label}
                {shown.action.key && <KeyHint name={shown.action.key} />}
              </button>
            )}
            <button
              type="button"
              className="toast-close"
              aria-label={messages.toast.dismiss}
              onClick={dismiss}
            >
              ×
            </button>
          </div>
        )}
      </section>
    </ToastContext.Provider>
  );
}

/** Shows a message. */
export function useToast(): (toast: Toast) => void {
  return useContext(ToastContext);
}
