// Fields and fault of the forms in front of the screens.
import { useEffect, useRef } from "react";

/** What went wrong; takes the focus so that it is read out. */
export function Fault({ text }: { readonly text: string }) {
  const element = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (text !== "") element.current?.focus();
  }, [text]);
  if (text === "") return null;
  return (
    <p ref={element} className="alert alert-danger" role="alert" tabIndex={-1}>
      {text}
    </p>
  );
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly autoComplete: string;
  readonly type?: "text" | "password";
  readonly hint?: string;
}

export function Field({ name, label, autoComplete, type = "text", hint }: FieldProps) {
  const hintId = `${name}-hint`;
  return (
    <div className="kern-form-input">
      <label className="kern-label" htmlFor={name}>
        {label}
      </label>
      {hint !== undefined && (
        <span className="kern-hint" id={hintId}>
          {hint}
        </span>
      )}
      <input
        className="kern-form-input__input"
        id={name}
        name={name}
        type={type}
        required
        autoComplete={autoComplete}
        spellCheck={false}
        {...(hint === undefined ? {} : { "aria-describedby": hintId })}
      />
    </div>
  );
}
