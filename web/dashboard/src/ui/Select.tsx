/** One of a few values, from a list. */
import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import {
  Button, FieldError, Label, ListBox, ListBoxItem, Popover, Select, SelectValue, Text,
} from "react-aria-components";
import { words } from "../words/common";
import { useMending } from "./Form";

export interface ControlProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: ReactNode;
  error?: string | undefined;
  /** The label is for screen readers only. */
  hidden?: boolean | undefined;
  small?: boolean;
  className?: string | undefined;
  disabled?: boolean;
}

export function Told({ hint, error }: Pick<ControlProps, "hint" | "error">) {
  return (
    <>
      {hint && <Text slot="description" className="hint">{hint}</Text>}
      <FieldError className="field-error">{error}</FieldError>
    </>
  );
}

/** One of a few values. `options` are pairs of a value and its words; a value may be empty. */
export function Choice(props: ControlProps & {
  options: readonly (readonly [string, string])[];
}) {
  const { label, value, onChange, options, hint, error, hidden, small, className, disabled } = useMending(props);
  return (
    <Select
      className={`field ${className ?? ""}`}
      // A key of the list must not be empty.
      value={`=${value}`}
      onChange={(key) => key !== null && onChange(String(key).slice(1))}
      isDisabled={disabled ?? false}
      isInvalid={!!error}
      placeholder={words.choose}
    >
      <Label className={hidden ? "visually-hidden" : "label"}>{label}</Label>
      <Button className={`select${small ? " small" : ""}`}><SelectValue className="clip one" /><ChevronDown aria-hidden /></Button>
      <Told hint={hint} error={error} />
      <Popover className="popover choices" placement="bottom start">
        <ListBox className="listbox" items={options.map(([key, text]) => ({ id: `=${key}`, text }))}>
          {({ id, text }) => <ListBoxItem id={id} className="option" textValue={text}>{text}</ListBoxItem>}
        </ListBox>
      </Popover>
    </Select>
  );
}
