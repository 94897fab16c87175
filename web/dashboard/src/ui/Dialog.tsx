import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { asProblem } from "../api/problems";
import { actions } from "../words/common";
import { Button, ProblemNotice } from "./basics";

interface DialogProps {
  title: string;
  onClose?: () => void;
  large?: boolean;
  role?: "dialog" | "alertdialog";
  children: ReactNode;
}

/** A dialog above the page. Without `onClose` it cannot be left. */
export function Dialog({ title, onClose, large, role, children }: DialogProps) {
  return (
    <ModalOverlay
      className="overlay"
      isOpen
      isDismissable={false}
      isKeyboardDismissDisabled={!onClose}
      onOpenChange={(open) => !open && onClose?.()}
    >
      <Modal className={`modal${large ? " large" : ""}`}>
        <AriaDialog className="dialog" role={role}>
          <header>
            <Heading slot="title" level={2}>{title}</Heading>
            {onClose && <Button kind="plain" icon={X} aria-label={actions.close} onClick={onClose} />}
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

interface ConfirmProps {
  title: string;
  action: string;
  /** What leaving it as it is is called. */
  dismiss?: string;
  danger?: boolean;
  disabled?: boolean;
  pending: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before something that cannot be taken back. */
export function Confirm({ title, action, dismiss = actions.cancel, danger, disabled, pending, error, onConfirm, onClose, children }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose} role="alertdialog">
      <div className="body stack">
        {children}
        {error ? <ProblemNotice problem={asProblem(error)} retry={onConfirm} /> : null}
      </div>
      <footer>
        <Button onClick={onClose}>{dismiss}</Button>
        <Button kind={danger ? "danger" : "primary"} busy={pending} disabled={disabled} onClick={onConfirm}>{action}</Button>
      </footer>
    </Dialog>
  );
}
