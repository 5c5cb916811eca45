/** How money comes to the desk of the school, and the paper that says so. */
import type { DaftariError } from "@daftari/client";
import type { ReactNode } from "react";

import type { FeePaymentMethod } from "@/graphql/schema";
import { SelectField, TextField } from "@/kit";

import { fieldError } from "../forms";
import { AT_THE_DESK } from "./words";

export interface CameToDesk {
  readonly method: FeePaymentMethod;
  readonly reference: string;
}

export const IN_CASH: CameToDesk = { method: "CASH", reference: "" };

interface DeskFieldsProps {
  readonly came: CameToDesk;
  readonly error: DaftariError | undefined;
  readonly onChange: (came: CameToDesk) => void;
}

export function DeskFields({ came, error, onChange }: DeskFieldsProps): ReactNode {
  return (
    <>
      <SelectField
        label="How it comes"
        options={AT_THE_DESK}
        value={came.method}
        onChange={(method) => onChange({ ...came, method: method as FeePaymentMethod })}
      />
      <TextField
        label="Slip or cheque"
        required={false}
        maxLength={60}
        value={came.reference}
        onChange={(reference) => onChange({ ...came, reference })}
        error={fieldError(error, "reference")}
      />
    </>
  );
}
