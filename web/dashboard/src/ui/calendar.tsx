/** The parts behind `DateField`, `DateTimeField` and `TimeField`, a file of their own because of their size. */
import { parseDate, parseDateTime, parseTime, type CalendarDate, type CalendarDateTime, type Time } from "@internationalized/date";
import { CalendarDays, ChevronLeft, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import {
  Button, Calendar, CalendarCell, CalendarGrid, CalendarGridBody, CalendarGridHeader, CalendarHeaderCell, DateInput, DatePicker,
  DateSegment, Dialog, FieldError, Group, Heading, Label, Popover, Text, TimeField,
} from "react-aria-components";
import { words } from "../words/common";
import { useMending } from "./Form";
import type { MomentProps } from "./DateField";

/** What a text means, or null where it is none of these. */
function read<T>(parse: (text: string) => T, text: string): T | null {
  try {
    return text ? parse(text) : null;
  } catch {
    return null;
  }
}

function Segments() {
  return <DateInput className="segments">{(segment) => <DateSegment segment={segment} className="segment" />}</DateInput>;
}

function Told({ hint, error }: Pick<MomentProps, "hint" | "error">) {
  return (
    <>
      {hint && <Text slot="description" className="hint">{hint}</Text>}
      <FieldError className="field-error">{error}</FieldError>
    </>
  );
}

function Picker({ small, label, hint, error, children }: Pick<MomentProps, "small" | "label" | "hint" | "error"> & { children?: ReactNode }) {
  return (
    <>
      <Label className="label">{label}</Label>
      <Group className={`input dates${small ? " small" : ""}`}>
        <Segments />
        <Button className="dates-open" aria-label={words.openCalendar}><CalendarDays aria-hidden /></Button>
      </Group>
      <Told hint={hint} error={error} />
      <Popover className="popover" placement="bottom start">
        <Dialog className="calendar" aria-label={label}>
          <Calendar>
            <header>
              <Button slot="previous" className="button plain icon small" aria-label={words.previousMonth}><ChevronLeft aria-hidden /></Button>
              <Heading className="strong" />
              <Button slot="next" className="button plain icon small" aria-label={words.nextMonth}><ChevronRight aria-hidden /></Button>
            </header>
            <CalendarGrid>
              <CalendarGridHeader>{(day) => <CalendarHeaderCell>{day}</CalendarHeaderCell>}</CalendarGridHeader>
              <CalendarGridBody>{(date) => <CalendarCell date={date} className="calendar-day" />}</CalendarGridBody>
            </CalendarGrid>
          </Calendar>
        </Dialog>
      </Popover>
      {children}
    </>
  );
}

const common = ({ className, disabled, error }: MomentProps) => ({ className: `field ${className ?? ""}`, isDisabled: disabled ?? false, isInvalid: !!error, shouldForceLeadingZeros: true });

export function DayInput(given: MomentProps) {
  const props = useMending(given);
  return (
    <DatePicker<CalendarDate> {...common(props)} granularity="day" value={read(parseDate, props.value)} onChange={(day) => props.onChange(day?.toString() ?? "")}>
      <Picker {...props} />
    </DatePicker>
  );
}

export function MomentInput(given: MomentProps) {
  const props = useMending(given);
  return (
    <DatePicker<CalendarDateTime> {...common(props)} granularity="minute" value={read(parseDateTime, props.value)} onChange={(at) => props.onChange(at?.toString().slice(0, 16) ?? "")}>
      <Picker {...props} />
    </DatePicker>
  );
}

export function TimeInput(given: MomentProps) {
  const props = useMending(given);
  return (
    <TimeField<Time> {...common(props)} granularity="minute" value={read(parseTime, props.value)} onChange={(time) => props.onChange(time?.toString().slice(0, 5) ?? "")}>
      <Label className="label">{props.label}</Label>
      <Group className={`input dates${props.small ? " small" : ""}`}><Segments /></Group>
      <Told hint={props.hint} error={props.error} />
    </TimeField>
  );
}
