/** What is done with a student: given a place, charged a fee, money taken before there is a fee for it. */
import { useQuery } from "@daftari/client/react";
import { type ComponentType, type ReactNode, useState } from "react";

import type { Permission } from "@/graphql/schema";
import {
  AcademicYearsDocument,
  AddFeeDocument,
  EnrollStudentDocument,
  FeeCategoriesDocument,
  RecordAdvanceDocument,
  SchoolClassesDocument,
  StudentStatementDocument,
} from "@/graphql/school";
import { Button, MoneyField, SelectField, TextField, toast, today } from "@/kit";
import { usePerson } from "@/session/person";

import { ActDialog, fieldError, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";
import { DeskFields, IN_CASH } from "./DeskFields";
import type { StudentActProps, StudentFull } from "./oneStudent";

interface Offered {
  readonly permission: Permission;
  readonly words: string;
  readonly Dialog: ComponentType<StudentActProps>;
}

const OFFERED: readonly Offered[] = [
  { permission: "ENROLMENTS_MANAGE", words: "Enrol", Dialog: Enrol },
  { permission: "FEES_MANAGE", words: "Charge a fee", Dialog: ChargeFee },
  { permission: "FEES_COLLECT", words: "Money in advance", Dialog: TakeAdvance },
];

export function StudentActs({ student }: { readonly student: StudentFull }): ReactNode {
  const { permissions } = usePerson();
  const [open, setOpen] = useState<Offered | null>(null);
  if (student.deletedAt !== null) return null;
  return (
    <>
      {OFFERED.filter(({ permission }) => permissions.includes(permission)).map((offered) => (
        <Button key={offered.words} onClick={() => setOpen(offered)}>
          {offered.words}
        </Button>
      ))}
      {open && <open.Dialog student={student} onClose={() => setOpen(null)} />}
    </>
  );
}

function Enrol({ student, onClose }: StudentActProps): ReactNode {
  const classes = useQuery(SchoolClassesDocument, { first: 100 });
  const years = useQuery(AcademicYearsDocument, { first: 5 });
  const [chosen, setChosen] = useState({ classId: "", yearId: "", on: "" });
  const all = classes.data?.schoolClasses.nodes ?? [];
  const known = years.data?.academicYears.nodes ?? [];
  const classId = chosen.classId || (all[0]?.id ?? "");
  const yearId = chosen.yearId || (known[0]?.id ?? "");
  const enrol = useKeyedAct(EnrollStudentDocument, () => {
    toast({ tone: "good", title: `${student.fullName} is enrolled`, body: all.find(({ id }) => id === classId)?.title });
    onClose();
  });
  return (
    <ActDialog
      title={`A place for ${student.fullName}`}
      submit="Enrol"
      act={enrol}
      fields={["classId", "yearId", "on"]}
      disabled={classId === "" || yearId === ""}
      onClose={onClose}
      onSubmit={() => enrol.run({ input: { studentId: student.id, classId, yearId, on: chosen.on || null } })}
    >
      <SelectField
        label="Class"
        options={all.map(({ id, title, capacity, studentCount }) => [id, `${title}${places(capacity, studentCount)}`])}
        value={classId}
        onChange={(value) => setChosen({ ...chosen, classId: value })}
        error={classes.error?.message ?? fieldError(enrol.error, "classId")}
      />
      <SelectField
        label="Year"
        options={known.map(({ id, title }) => [id, title])}
        value={yearId}
        onChange={(value) => setChosen({ ...chosen, yearId: value })}
        error={years.error?.message ?? fieldError(enrol.error, "yearId")}
      />
      <TextField
        label="First day"
        type="date"
        required={false}
        hint="Today, or the first day of a year that is to come, when it is left out"
        value={chosen.on}
        onChange={(on) => setChosen({ ...chosen, on })}
        error={fieldError(enrol.error, "on")}
      />
    </ActDialog>
  );
}

function places(capacity: number | null, taken: number): string {
  return capacity === null ? "" : ` (${Math.max(0, capacity - taken)} free)`;
}

/** The currency that the school keeps its books in. */
function useCurrency(student: StudentFull): string | undefined {
  return useQuery(StudentStatementDocument, { studentId: student.id }).data?.studentStatement?.currency;
}

function ChargeFee({ student, onClose }: StudentActProps): ReactNode {
  const currency = useCurrency(student);
  const categories = useQuery(FeeCategoriesDocument, {});
  const [form, setForm] = useState({ title: "", amount: "", dueOn: today(), category: "" });
  const change = (part: Partial<typeof form>): void => setForm({ ...form, ...part });
  const charge = useKeyedAct(AddFeeDocument, ({ addFee: { fee } }) => {
    toast({ tone: "good", title: `${fee?.title ?? "A fee"} is charged`, body: fee?.amountDue.formatted });
    onClose();
  });
  const errorOf = (field: string): string | undefined => fieldError(charge.error, field);
  const kinds = categories.data?.feeCategories.nodes.filter(({ active }) => active) ?? [];
  return (
    <ActDialog
      title={`A fee for ${student.fullName}`}
      submit="Charge it"
      act={charge}
      fields={["title", "amountDue", "dueOn", "category"]}
      disabled={currency === undefined}
      onClose={onClose}
      onSubmit={() =>
        currency &&
        charge.run({
          input: {
            studentId: student.id,
            title: form.title.trim(),
            amountDue: { amount: form.amount, currency },
            dueOn: form.dueOn,
            category: form.category || null,
          },
        })
      }
    >
      <TextField
        label="What for"
        required
        maxLength={120}
        value={form.title}
        onChange={(title) => change({ title })}
        error={errorOf("title")}
      />
      <div className={rooms.pair}>
        <MoneyField
          label="Amount"
          currency={currency ?? ""}
          required
          value={form.amount}
          onChange={(amount) => change({ amount })}
          error={errorOf("amountDue")}
        />
        <TextField
          label="Due"
          type="date"
          required
          value={form.dueOn}
          onChange={(dueOn) => change({ dueOn })}
          error={errorOf("dueOn")}
        />
      </div>
      <SelectField
        label="Category"
        options={[["", "In general"], ...kinds.map(({ code, title }) => [code, title] as const)]}
        value={form.category}
        onChange={(category) => change({ category })}
        error={errorOf("category")}
      />
    </ActDialog>
  );
}

function TakeAdvance({ student, onClose }: StudentActProps): ReactNode {
  const currency = useCurrency(student);
  const [amount, setAmount] = useState("");
  const [came, setCame] = useState(IN_CASH);
  const take = useKeyedAct(RecordAdvanceDocument, ({ recordAdvance: { advance } }) => {
    toast({
      tone: "good",
      title: `${advance?.amount.formatted ?? ""} came in advance`,
      body: advance?.receiptNumber ? `Receipt ${advance.receiptNumber}` : undefined,
    });
    onClose();
  });
  return (
    <ActDialog
      title={`In advance for ${student.fullName}`}
      submit="Take the money"
      act={take}
      fields={["amount", "reference"]}
      disabled={currency === undefined}
      onClose={onClose}
      onSubmit={() =>
        currency && take.run({ input: { studentId: student.id, amount: { amount, currency }, ...came } })
      }
    >
      <MoneyField
        label="Amount"
        currency={currency ?? ""}
        required
        value={amount}
        onChange={setAmount}
        error={fieldError(take.error, "amount")}
      />
      <DeskFields came={came} error={take.error} onChange={setCame} />
    </ActDialog>
  );
}
