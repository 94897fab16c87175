/** Forms that say what is wrong in the page's own words, below each field, instead of in the browser's bubbles. */
import { createContext, useContext, useEffect, useState, type ComponentProps, type ReactNode } from "react";
import { words } from "../words/common";

type Faults = Readonly<Record<string, string>>;
type Control = HTMLInputElement | HTMLTextAreaElement;

const Context = createContext<Faults>({});
/** How often the form was sent. */
const Round = createContext(0);

/** What the form that a control stands in found wrong with it. */
export function useFault(id: string): string | undefined {
  return useContext(Context)[id];
}

/**
 * What the last try found wrong with a field, until the field changes: then it may be right. Another try brings it back.
 * Every kind of field goes through here, so that all forms do the same.
 */
export function useRefusal(refused: string | undefined): [string | undefined, () => void] {
  const round = useContext(Round);
  const [mended, setMended] = useState<{ text: string; round: number } | null>(null);
  useEffect(() => {
    if (!refused) setMended(null);
  }, [refused]);
  const stands = refused && !(mended?.text === refused && mended.round === round);
  return [stands ? refused : undefined, () => refused && setMended({ text: refused, round })];
}

/** The same for a control that tells its new value by `onChange`. */
export function useMending<Props extends { error?: string | undefined; onChange: (value: string) => void }>(props: Props): Props {
  const [error, mend] = useRefusal(props.error);
  const onChange = (value: string) => {
    mend();
    props.onChange(value);
  };
  return { ...props, error, onChange };
}

/** What is wrong with a control, by the attributes that it has: `required`, `type`, `minLength`, `pattern`, `min`. */
export function fault(control: Pick<Control, "value" | "validity" | "minLength"> & { min?: string }): string | undefined {
  const { valueMissing, typeMismatch, patternMismatch, rangeUnderflow } = control.validity;
  if (valueMissing) return words.required;
  if (typeMismatch) return words.notAnEmail;
  if (patternMismatch) return words.notANumber;
  if (rangeUnderflow) return words.atLeast(control.min ?? "");
  // The browser calls a text too short only if a person typed it; a password manager's is too short as well.
  if (control.value && control.minLength > control.value.length) return words.tooShort(control.minLength);
  return undefined;
}

function faultsOf(form: HTMLFormElement): [Faults, Control | undefined] {
  const controls = [...form.elements].filter((one): one is Control => one instanceof HTMLInputElement || one instanceof HTMLTextAreaElement);
  const wrong = controls.filter((one) => one.id && one.willValidate && fault(one));
  return [Object.fromEntries(wrong.map((one) => [one.id, fault(one)!])), wrong[0]];
}

interface FormProps extends Omit<ComponentProps<"form">, "onSubmit" | "noValidate"> {
  /** Called when nothing is wrong. */
  onSubmit: () => void;
  children: ReactNode;
}

/** A form whose `Field`s show what is missing; the first one of them is focused. */
export function Form({ onSubmit, children, ...rest }: FormProps) {
  const [faults, setFaults] = useState<Faults>({});
  const [round, setRound] = useState(0);
  return (
    <Round value={round}>
      <Context value={faults}>
        <form
          {...rest}
          noValidate
          onInput={(event) => {
            const { id } = event.target as HTMLElement;
            if (faults[id]) setFaults(({ [id]: _mended, ...others }) => others);
          }}
          onSubmit={(event) => {
            event.preventDefault();
            const [found, first] = faultsOf(event.currentTarget);
            setFaults(found);
            setRound(round + 1);
            if (first) first.focus();
            else onSubmit();
          }}
        >
          {children}
        </form>
      </Context>
    </Round>
  );
}
