import { useEffect, useState } from "react";

interface NumberProps {
  id: string;
  value: number;
  onChange: (value: number) => void;
  whole?: boolean;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
}

/** A number of at least 0, typed; an empty box is 0 and has to be filled in. Half an hour may be 0.5 or 0,5. */
export function NumberInput({ value, onChange, whole, ...rest }: NumberProps) {
  const [text, setText] = useState(value ? String(value) : "");
  const number = (typed: string) => Number(typed.trim().replace(",", ".")) || 0;
  useEffect(() => setText((typed) => (number(typed) === value ? typed : value ? String(value) : "")), [value]);
  return (
    <input
      {...rest}
      className="input"
      inputMode={whole ? "numeric" : "decimal"}
      required
      pattern={whole ? "\\s*[0-9]*[1-9][0-9]*\\s*" : "\\s*[0-9]+([.,][0-9]+)?\\s*"}
      autoComplete="off"
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        onChange(number(event.target.value));
      }}
    />
  );
}
