/** Buttons, and links that look like them. A button that is busy says so and cannot be pressed twice. */
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Link } from "wouter";

import styles from "./Button.module.css";

export type ButtonLook = "primary" | "plain" | "quiet" | "danger";

interface Looks {
  look?: ButtonLook;
  size?: "small" | "normal";
  icon?: ReactNode;
}

function classes({ look = "plain", size = "normal" }: Looks, more?: string): string {
  return [styles.button, styles[look], size === "small" && styles.small, more].filter(Boolean).join(" ");
}

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement>, Looks {
  busy?: boolean;
}

export function Button({
  look,
  size,
  icon,
  busy = false,
  className,
  children,
  disabled,
  type = "button",
  ...rest
}: ButtonProps): ReactNode {
  return (
    <button
      {...rest}
      type={type}
      className={classes({ look, size }, className)}
      disabled={disabled}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
    >
      {busy ? <span className={styles.spinner} aria-hidden /> : icon}
      {children}
    </button>
  );
}

/** A button that shows an icon alone: its label is said to who cannot see it, and shown on hovering. */
export function IconButton({
  label,
  icon,
  className,
  ...rest
}: Omit<ButtonProps, "children"> & { label: string }): ReactNode {
  return (
    <Button
      look="quiet"
      {...rest}
      icon={icon}
      className={[styles.icon, className].filter(Boolean).join(" ")}
      aria-label={label}
      title={label}
    />
  );
}

export function ButtonLink({
  href,
  look,
  size,
  icon,
  children,
}: Looks & { href: string; children: ReactNode }): ReactNode {
  return (
    <Link href={href} className={classes({ look, size })}>
      {icon}
      {children}
    </Link>
  );
}
