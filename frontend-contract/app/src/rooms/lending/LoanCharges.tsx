/** The fees and penalties of a loan: what is left of each, charging one more, letting one go, and demanding it after all. */
import type { DaftariError } from "@daftari/client";
import { type ReactNode, useState } from "react";

import { AddLoanChargeDocument, UndoLoanChargeWaiverDocument, WaiveLoanChargeDocument } from "@/graphql/lending";
import {
  Badge,
  Button,
  Card,
  type Column,
  Day,
  LiveMoney,
  Money,
  MoneyField,
  SelectField,
  Table,
  TextField,
  toast,
  today,
} from "@/kit";
import { usePerson } from "@/session/person";

import { isPositive } from "../decimals";
import { fieldError, useKeyedAct } from "../forms";
import { SayDialog } from "../SayDialog";
import { actsOn } from "./acts";
import type { LoanActProps, LoanFull } from "./oneLoan";

type Charge = LoanFull["charges"][number];

/** What is done with a charge: it is let go, or demanded after all. */
interface Doing {
  readonly charge: Charge;
  readonly what: "WAIVE" | "DEMAND";
}

export function LoanCharges({ loan }: { readonly loan: LoanFull }): ReactNode {
  const [adding, setAdding] = useState(false);
  const [doing, setDoing] = useState<Doing | null>(null);
  const mayCharge = actsOn(loan, usePerson()).has("CHARGE");
  if (!mayCharge && loan.charges.length === 0) return null;
  return (
    <Card
      title="Fees and penalties"
      flush
      actions={
        mayCharge && (
          <Button size="small" onClick={() => setAdding(true)}>
            Charge something
          </Button>
        )
      }
    >
      <Table
        caption="Fees and penalties of the loan"
        rows={loan.charges}
        rowKey={({ id }) => id}
        empty="Nothing was charged."
        columns={mayCharge ? [...COLUMNS, actColumn(setDoing)] : COLUMNS}
      />
      {adding && <AddCharge loan={loan} onClose={() => setAdding(false)} />}
      {doing?.what === "WAIVE" && <Waive loan={loan} charge={doing.charge} onClose={() => setDoing(null)} />}
      {doing?.what === "DEMAND" && <Demand loan={loan} charge={doing.charge} onClose={() => setDoing(null)} />}
    </Card>
  );
}

const isNothing = ({ amount }: { readonly amount: string }): boolean => Number(amount) === 0;

const COLUMNS: readonly Column<Charge>[] = [
  {
    title: "What for",
    heading: true,
    cell: ({ title, penalty }) => (
      <>
        {title} {penalty && <Badge tone="high">Penalty</Badge>}
      </>
    ),
  },
  { title: "Due", cell: ({ dueOn }) => <Day on={dueOn} /> },
  { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
  { title: "Let go", numeric: true, cell: ({ waived }) => (isNothing(waived) ? "–" : <Money money={waived} />) },
  { title: "Unpaid", numeric: true, cell: ({ unpaid }) => (isNothing(unpaid) ? "–" : <LiveMoney money={unpaid} />) },
];

function actColumn(doIt: (doing: Doing) => void): Column<Charge> {
  return {
    title: "Act",
    quiet: true,
    cell: (charge) => {
      if (!isNothing(charge.unpaid)) {
        return (
          <Button size="small" onClick={() => doIt({ charge, what: "WAIVE" })}>
            Let go<span className="unseen"> of {charge.title}</span>
          </Button>
        );
      }
      return (
        !isNothing(charge.waived) && (
          <Button size="small" onClick={() => doIt({ charge, what: "DEMAND" })}>
            Demand<span className="unseen"> {charge.title} after all</span>
          </Button>
        )
      );
    },
  };
}

const BLANK = { title: "", amount: "", dueOn: "", penalty: false };

function AddCharge({ loan, onClose }: LoanActProps): ReactNode {
  const [form, setForm] = useState(BLANK);
  const change = (part: Partial<typeof BLANK>): void => setForm({ ...form, ...part });
  const act = useKeyedAct(AddLoanChargeDocument, ({ addLoanCharge: { charge } }) => {
    toast({
      tone: "good",
      title: `${charge?.amount.formatted ?? ""} is charged`,
      body: `${loan.number}: ${form.title}`,
    });
    onClose();
  });
  const { title, amount, dueOn, penalty } = form;
  return (
    <SayDialog
      title={`Charge ${loan.number}`}
      submit="Charge it"
      act={act}
      field="note"
      label="Note"
      required={false}
      fields={["title", "value", "dueOn"]}
      disabled={!isPositive(amount)}
      onClose={onClose}
      onSubmit={(note) =>
        act.run({
          input: {
            loanId: loan.id,
            title,
            value: amount,
            basis: "FLAT",
            penalty,
            code: "MANUAL",
            note,
            dueOn: dueOn || null,
          },
        })
      }
    >
      <ChargeFields form={form} currency={loan.currency} error={act.error} onChange={change} />
    </SayDialog>
  );
}

interface ChargeFieldsProps {
  readonly form: typeof BLANK;
  readonly currency: string;
  readonly error: DaftariError | undefined;
  readonly onChange: (part: Partial<typeof BLANK>) => void;
}

function ChargeFields({ form, currency, error, onChange }: ChargeFieldsProps): ReactNode {
  const { title, amount, dueOn, penalty } = form;
  return (
    <>
      <TextField
        label="What for"
        required
        maxLength={120}
        value={title}
        onChange={(said) => onChange({ title: said })}
        error={fieldError(error, "title")}
      />
      <MoneyField
        label="Amount"
        currency={currency}
        required
        value={amount}
        onChange={(said) => onChange({ amount: said })}
        error={fieldError(error, "value")}
      />
      <TextField
        label="Due"
        type="date"
        required={false}
        min={today()}
        hint="Today when left out"
        value={dueOn}
        onChange={(said) => onChange({ dueOn: said })}
        error={fieldError(error, "dueOn")}
      />
      <SelectField
        label="What it is"
        options={[
          ["FEE", "A fee"],
          ["PENALTY", "A penalty"],
        ]}
        value={penalty ? "PENALTY" : "FEE"}
        onChange={(kind) => onChange({ penalty: kind === "PENALTY" })}
      />
    </>
  );
}

interface ChargeActProps extends LoanActProps {
  readonly charge: Charge;
}

function Waive({ loan, charge, onClose }: ChargeActProps): ReactNode {
  const act = useKeyedAct(WaiveLoanChargeDocument, () => {
    toast({ tone: "good", title: `${charge.title} is let go`, body: loan.number });
    onClose();
  });
  return (
    <SayDialog
      title={`Let ${charge.title} go?`}
      submit="Let it go"
      danger
      act={act}
      field="reason"
      label="Why"
      onClose={onClose}
      onSubmit={(reason) => act.run({ input: { chargeId: charge.id, reason } })}
    >
      <p>
        {loan.borrowerName} no longer owes the {charge.unpaid.formatted} that are unpaid of it.
      </p>
    </SayDialog>
  );
}

function Demand({ loan, charge, onClose }: ChargeActProps): ReactNode {
  const act = useKeyedAct(UndoLoanChargeWaiverDocument, () => {
    toast({ tone: "good", title: `${charge.title} is demanded after all`, body: loan.number });
    onClose();
  });
  return (
    <SayDialog
      title={`Demand ${charge.title} after all?`}
      submit="Demand it"
      act={act}
      field="reason"
      label="Why"
      onClose={onClose}
      onSubmit={(reason) => act.run({ input: { chargeId: charge.id, reason } })}
    >
      <p>
        {loan.borrowerName} owes the {charge.waived.formatted} again that were let go.
      </p>
    </SayDialog>
  );
}
