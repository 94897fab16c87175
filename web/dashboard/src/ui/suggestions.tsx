/** What is behind `Suggest`, a file of its own because of its size. */
import { ChevronDown } from "lucide-react";
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from "react-aria-components";
import { words } from "../words/common";
import { useMending } from "./Form";
import { Told } from "./Select";
import type { SuggestProps } from "./Suggest";

/** More than these are not looked through: typing narrows them. */
const MOST = 60;

/** Free text, with suggestions of what is known. */
export function SuggestInput(props: SuggestProps) {
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
      <Label className={hidden ? "visually-hidden" : "label"}>{label}</Label>
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
