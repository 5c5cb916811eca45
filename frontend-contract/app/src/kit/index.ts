/** The kit: what screens are made of. Arrangements (stack, row, grid, split) are classes of styles/base.css. */
export { Badge, Severity, SEVERITY_ORDER, type SeverityLevel, Status, type Tone, toneOf } from "./Badge";
export { Button, ButtonLink, type ButtonProps, IconButton } from "./Button";
export { Card, Facts, Stat, Stats } from "./Card";
export { Dialog, FormDialog } from "./Dialog";
export { Empty, Failed, Loaded, Notice, Skeleton } from "./Empty";
export { Field, FileField, MoneyField, SelectField, TextAreaField, TextField } from "./Field";
export { LiveMoney, LiveNumber, Money, type MoneyShape } from "./LiveNumber";
export { focusTitle, Page, Segments, type TabLink, TabLinks } from "./Page";
export { Progress } from "./Progress";
export { type Column, Table } from "./Table";
export { Day, Time } from "./Time";
export { toast } from "./toasts";
export * from "./words";
