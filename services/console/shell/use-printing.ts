// Whether the page is being printed: pictures on a canvas have to be drawn anew for paper, in light colours,
// before the browser takes its copy of the page.
import { useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";

/** @param prepare done before anything is drawn for paper, and again for the screen afterwards */
export function usePrinting(prepare: (isPrinting: boolean) => void): boolean {
  const [isPrinting, setPrinting] = useState(false);
  const latest = useRef(prepare);
  useEffect(() => {
    latest.current = prepare;
  });
  useEffect(() => {
    const print = matchMedia("print");
    const tell = (value: boolean) => {
      latest.current(value);
      flushSync(() => setPrinting(value));
    };
    const onChange = (event: MediaQueryListEvent) => tell(event.matches);
    const onBefore = () => tell(true);
    const onAfter = () => tell(false);
    print.addEventListener("change", onChange);
    addEventListener("beforeprint", onBefore);
    addEventListener("afterprint", onAfter);
    return () => {
      print.removeEventListener("change", onChange);
      removeEventListener("beforeprint", onBefore);
      removeEventListener("afterprint", onAfter);
    };
  }, []);
  return isPrinting;
}
