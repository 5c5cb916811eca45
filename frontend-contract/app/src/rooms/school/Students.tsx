/** Everybody who learns at the school, found by name or number, and registering who is new. */
import { useQuery } from "@daftari/client/react";
import { UserPlus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link, useLocation } from "wouter";

import type { Sex } from "@/graphql/schema";
import {
  EnrolmentUpdatedDocument,
  RegisterStudentDocument,
  SchoolRecordsChangedDocument,
  StudentsDocument,
} from "@/graphql/school";
import { Badge, Button, Card, Day, Page, SelectField, TextField, toast, today } from "@/kit";
import { usePerson } from "@/session/person";

import { Filters } from "../Filters";
import { ActDialog, fieldError, useKeyedAct } from "../forms";
import { LongTable } from "../LongTable";
import rooms from "../rooms.module.css";
import { useGrowing } from "../useGrowing";
import { useSettled } from "../useSettled";
import { studentPath } from "./paths";

type Which = "IN" | "OUT";

export function Screen(): ReactNode {
  const [which, setWhich] = useState<Which>("IN");
  const [search, setSearch] = useState("");
  const [registering, setRegistering] = useState(false);
  const mayRegister = usePerson().permissions.includes("SCHOOL_MANAGE");
  return (
    <Page
      title="Students"
      actions={
        mayRegister && (
          <Button look="primary" icon={<UserPlus aria-hidden />} onClick={() => setRegistering(true)}>
            Register a student
          </Button>
        )
      }
    >
      <Filters
        which={{
          label: "Which students",
          value: which,
          onChange: setWhich,
          options: [
            ["IN", "Enrolled"],
            ["OUT", "Without a place"],
          ],
        }}
        find={{ by: "Name or number", value: search, onChange: setSearch }}
      />
      <StudentList key={which} enrolled={which === "IN"} search={search} />
      {registering && <Register onClose={() => setRegistering(false)} />}
    </Page>
  );
}

function StudentList({ enrolled, search }: { readonly enrolled: boolean; readonly search: string }): ReactNode {
  const pages = useGrowing();
  const settled = useSettled(search.trim());
  const students = useQuery(
    StudentsDocument,
    { filter: { enrolled, ...(settled !== "" && { search: settled }) }, first: pages.first },
    {
      live: [{ document: SchoolRecordsChangedDocument }, { document: EnrolmentUpdatedDocument }],
      keepPrevious: true,
    },
  );
  return (
    <Card flush>
      <LongTable
        query={students}
        list={(data) => data.students}
        pages={pages}
        what="students"
        caption="Students"
        rowKey={({ id }) => id}
        empty={settled === "" ? "There are none." : `Nobody is found by “${settled}”.`}
        columns={[
          {
            title: "Student",
            heading: true,
            cell: ({ id, fullName }) => <Link href={studentPath(id)}>{fullName}</Link>,
          },
          { title: "Number", cell: ({ admissionNumber }) => <span className="number">{admissionNumber}</span> },
          { title: "Class", cell: ({ classes }) => classes.map(({ title }) => title).join(", ") || "–" },
          { title: "Born", cell: ({ bornOn }) => <Day on={bornOn} /> },
          {
            title: "Guardian",
            cell: ({ guardians: [first] }) => first?.fullName ?? <Badge tone="warn">Nobody</Badge>,
          },
        ]}
      />
    </Card>
  );
}

const SEXES: readonly (readonly [Sex | "", string])[] = [
  ["", "Not said"],
  ["FEMALE", "Girl"],
  ["MALE", "Boy"],
];

function Register({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [, go] = useLocation();
  const [form, setForm] = useState({ fullName: "", admissionNumber: "", bornOn: "", sex: "" as Sex | "" });
  const change = (part: Partial<typeof form>): void => setForm({ ...form, ...part });
  const register = useKeyedAct(RegisterStudentDocument, ({ registerStudent: { student } }) => {
    toast({ tone: "good", title: `${student?.fullName ?? ""} is registered`, body: student?.admissionNumber });
    onClose();
    if (student) go(studentPath(student.id));
  });
  const errorOf = (field: string): string | undefined => fieldError(register.error, field);
  return (
    <ActDialog
      title="Register a student"
      submit="Register"
      act={register}
      fields={["fullName", "admissionNumber", "bornOn"]}
      onClose={onClose}
      onSubmit={() =>
        register.run({
          input: {
            fullName: form.fullName.trim(),
            admissionNumber: form.admissionNumber.trim() || null,
            bornOn: form.bornOn || null,
            sex: form.sex || null,
          },
        })
      }
    >
      <TextField
        label="Name"
        required
        maxLength={120}
        autoComplete="off"
        value={form.fullName}
        onChange={(fullName) => change({ fullName })}
        error={errorOf("fullName")}
      />
      <div className={rooms.pair}>
        <TextField
          label="Born"
          type="date"
          required={false}
          max={today()}
          value={form.bornOn}
          onChange={(bornOn) => change({ bornOn })}
          error={errorOf("bornOn")}
        />
        <SelectField
          label="Girl or boy"
          options={SEXES}
          value={form.sex}
          onChange={(sex) => change({ sex: sex as Sex | "" })}
        />
      </div>
      <TextField
        label="Admission number"
        required={false}
        maxLength={24}
        hint="The next one of the year when it is left out"
        value={form.admissionNumber}
        onChange={(admissionNumber) => change({ admissionNumber })}
        error={errorOf("admissionNumber")}
      />
    </ActDialog>
  );
}
