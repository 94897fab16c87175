import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Pressable } from "react-aria-components";

export interface MenuEntry {
  id: string;
  label: string;
  icon: LucideIcon;
  act: () => void;
}

/** A button that opens a list of actions. */
export function Menu({ label, entries, children }: { label: string; entries: readonly MenuEntry[]; children: ComponentProps<typeof Pressable>["children"] }) {
  return (
    <MenuTrigger>
      <Pressable>{children}</Pressable>
      <Popover className="popover" placement="top start">
        <AriaMenu aria-label={label} onAction={(key) => entries.find((one) => one.id === key)?.act()}>
          {entries.map(({ id, label: text, icon: Icon }) => (
            <MenuItem key={id} id={id} className="option" textValue={text}><Icon aria-hidden />{text}</MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
