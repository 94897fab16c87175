/** Choices from a list: one of a few, or free text with suggestions. */
import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import {
  Button, ComboBox, FieldError, Input, Label, ListBox, ListBoxItem, Popover, Select, SelectValue, Text,
} from "react-aria-components";
import { words } from "../words/common";
import { useMending } from "./Form";

interface Common {
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

function Told({ hint, error }: Pick<Common, "hint" | "error">) {
  return (
    <>
      {hint && <Text slot="description" className="hint">{hint}</Text>}
      <FieldError className="field-error">{error}</FieldError>
    </>
  );
}

/** One of a few values. `options` are pairs of a value and its words; a value may be empty. */
export function Choice(props: Common & {
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
      <Label className={hidden ? "visually-hidden" : ""}>{label}</Label>
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

/** More than these are not looked through: typing narrows them. */
const MOST = 60;

/** Free text, with suggestions of what is known. */
export function Suggest(props: Common & {
  options: readonly string[];
  placeholder?: string;
  maxLength?: number;
}) {
  const { label, value, onChange, options, placeholder, maxLength, hint, error, hidden, small, className, disabled } = useMending(props);
  const typed = value.trim().toLowerCase();
  // With a whole one in the box people want to see the others.
  const narrowed = options.some((one) => one.toLowerCase() === typed) ? options : options.filter((one) => one.toLowerCase().includes(typed));
  return (
    <ComboBox
      className={`field ${className ?? ""}`}
      items={narrowed.slice(0, MOST).map((id) => ({ id }))}
      inputValue={value}
      onInputChange={onChange}
      value={null}
      onChange={(key) => key !== null && onChange(String(key))}
      isDisabled={disabled ?? false}
      isInvalid={!!error}
      allowsCustomValue
      defaultFilter={() => true}
    >
      <Label className={hidden ? "visually-hidden" : ""}>{label}</Label>
      <div className="suggest">
        <Input className={`input${small ? " small" : ""}`} placeholder={placeholder} maxLength={maxLength} autoComplete="off" dir="auto" />
        {options.length > 0 && <Button className="suggest-open" aria-label={words.suggestions}><ChevronDown aria-hidden /></Button>}
      </div>
      <Told hint={hint} error={error} />
      <Popover className="popover choices" placement="bottom start">
        <ListBox className="listbox">{({ id }: { id: string }) => <ListBoxItem id={id} className="option" textValue={id}><span dir="auto">{id}</span></ListBoxItem>}</ListBox>
      </Popover>
    </ComboBox>
  );
}
