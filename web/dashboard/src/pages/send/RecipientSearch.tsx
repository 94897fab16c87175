import { useQuery } from "@tanstack/react-query";
import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from "react-aria-components";
import { answer, api } from "../../api/client";
import { asProblem } from "../../api/problems";
import { personDetail, personName, phone } from "../../lib/format";
import { Avatar, Button } from "../../ui/basics";
import type { Receiver } from "./draft";
import { words } from "../../words/send";

const NUMBER = /^\+?[\d\s().-]{7,20}$/;

function useDebounced(value: string, milliseconds: number): string {
  const [late, setLate] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return late;
}

/** Finds a recipient by user ID, nickname or phone number, by keyboard alone too; a bare number does for SMS. */
export function RecipientSearch({ value, channel, error, onChange }: {
  value: Receiver | null; channel: "sms" | "messenger"; error?: string; onChange: (receiver: Receiver | null) => void;
}) {
  const [typed, setTyped] = useState("");
  const search = useDebounced(typed.trim(), 200);
  const found = useQuery({
    queryKey: ["recipient-search", search],
    queryFn: ({ signal }) => answer(api.GET("/v1/recipients", { params: { query: { search: search || undefined, limit: 8 } }, signal })),
    placeholderData: (before) => before,
    enabled: !value,
  });
  const digits = typed.replace(/[\s().-]/g, "");
  const rows = found.data?.data ?? [];
  const bare = channel === "sms" && NUMBER.test(typed.trim()) && !rows.some((one) => one.phone_number === digits);
  // The bare number comes first: it must not move under the pointer when those found so far give way to fewer.
  const items = [
    ...(bare ? [{ id: "bare", receiver: { id: null, nickname: null, user_id: null, phone_number: digits, timezone: null } as Receiver }] : []),
    ...rows.map((one) => ({ id: one.id, receiver: one as Receiver })),
  ];
  const other = useRef<HTMLButtonElement>(null);
  const stays = useRef(false);
  // The box is gone once somebody is chosen: whoever was in it goes on from what stands in its place.
  useEffect(() => {
    if (value && stays.current) other.current?.focus();
    stays.current = false;
  }, [value]);
  const choose = (receiver: Receiver, goesOn = false) => {
    stays.current = !goesOn;
    onChange(receiver);
    setTyped("");
  };
  // Whoever typed all of it and goes on has chosen: a number, or a name that one of those found has.
  const takeTyped = (goesOn: boolean) => {
    const wanted = typed.trim().toLowerCase();
    const named = rows.filter((one) => one.phone_number === digits || [one.user_id, one.nickname].some((name) => name?.toLowerCase() === wanted));
    const found = named.length === 1 ? named[0] : items.find((one) => one.id === "bare")?.receiver;
    if (wanted && found) choose(found, goesOn);
    return !!(wanted && found);
  };
  if (value) {
    return (
      <div className="field">
        <span className="label">{words.recipient}</span>
        <div className="chosen">
          <Avatar name={personName(value)} />
          <span className="grow"><bdi className="strong">{personName(value)}</bdi><span className="quiet xs block">{personDetail(value) ?? (value.id ? "" : words.newNumber)}</span></span>
          <Button ref={other} kind="plain" size="small" icon={X} aria-label={words.chooseAnother} onClick={() => onChange(null)} />
        </div>
        {error && <div className="field-error" id="recipient-error" role="alert">{error}</div>}
      </div>
    );
  }
  const problem = found.error ? asProblem(found.error) : null;
  return (
    <ComboBox
      className="field"
      items={items}
      inputValue={typed}
      onInputChange={setTyped}
      selectedKey={null}
      onSelectionChange={(key) => {
        const chosen = items.find((one) => one.id === key);
        if (chosen) choose(chosen.receiver);
      }}
      menuTrigger="focus"
      allowsEmptyCollection
      allowsCustomValue
      defaultFilter={() => true}
      isInvalid={!!error}
    >
      <Label>{words.recipient}</Label>
      <div className="with-icon">
        <Search aria-hidden />
        <Input className="input" placeholder={channel === "sms" ? words.searchSms : words.searchMessenger} aria-describedby={error ? "recipient-error" : undefined} autoComplete="off" onBlur={() => takeTyped(true)} onKeyDown={(event) => { if (event.key === "Enter" && !event.currentTarget.getAttribute("aria-activedescendant") && takeTyped(false)) event.preventDefault(); }} />
      </div>
      {error && <div className="field-error" id="recipient-error">{error}</div>}
      <Popover className="popover wide" placement="bottom start">
        <ListBox
          className="listbox"
          renderEmptyState={() => (
            <div className="option quiet">{problem ? problem.message : found.isPending || search !== typed.trim() ? words.searching : words.nobody}</div>
          )}
        >
          {(item: { id: string; receiver: Receiver }) => (
            <ListBoxItem id={item.id} className="option" textValue={personName(item.receiver)}>
              <Avatar name={personName(item.receiver)} />
              <span className="grow">
                <bdi className="clip one">{item.id === "bare" ? words.sendTo(phone(item.receiver.phone_number ?? "")) : personName(item.receiver)}</bdi>
                <span className="quiet xs clip one">{item.id === "bare" ? words.newNumber : personDetail(item.receiver)}</span>
              </span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
