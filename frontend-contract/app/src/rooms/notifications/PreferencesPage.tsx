/** By which ways one is told of what, and when it is night. In the app one is always told. */
import { type ReactNode, useState } from "react";

import { useMutation, useQuery } from "@daftari/client/react";

import {
  NotificationPreferencesDocument,
  type NotificationPreferencesQuery,
  UpdateNotificationPreferencesDocument,
} from "@/graphql/notifications";
import type { UpdateNotificationPreferencesInput } from "@/graphql/schema";
import { Button } from "@/kit/Button";
import { Card } from "@/kit/Card";
import { Loaded } from "@/kit/Empty";
import { TextField } from "@/kit/Field";
import { Page } from "@/kit/Page";
import { type Column, Table } from "@/kit/Table";
import { humanise } from "@/kit/words";
import { attempt } from "@/session/attempt";

import styles from "./notifications.module.css";
import { TABS } from "./tabs";

type Preferences = NotificationPreferencesQuery["notificationPreferences"];
type Choice = Preferences["choices"][number];
type Update = (input: UpdateNotificationPreferencesInput, done: string) => Promise<void>;

export function PreferencesPage(): ReactNode {
  const query = useQuery(NotificationPreferencesDocument, {});
  const [run] = useMutation(UpdateNotificationPreferencesDocument);
  const update: Update = async (input, done) => {
    if (await attempt(() => run({ input }), done)) await query.refetch();
  };
  return (
    <Page
      title="Notification preferences"
      note="The app always tells you. Choose what else comes by mail and text message."
      tabs={TABS}
    >
      <Loaded query={query} lines={8}>
        {({ notificationPreferences }) => (
          <div className="split">
            <Choices choices={notificationPreferences.choices} update={update} />
            <Night preferences={notificationPreferences} update={update} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Choices({ choices, update }: { choices: readonly Choice[]; update: Update }): ReactNode {
  const categories = [...new Set(choices.map(({ category }) => category))];
  const channels = [...new Set(choices.map(({ channel }) => channel))];
  const columns: Column<Choice["category"]>[] = [
    { title: "About", heading: true, cell: (category) => humanise(category) },
    ...channels.map((channel) => ({
      title: humanise(channel),
      cell: (category: Choice["category"]) => {
        const choice = choices.find((each) => each.category === category && each.channel === channel);
        return choice ? <Tick choice={choice} update={update} /> : "–";
      },
    })),
  ];
  return (
    <Card title="What comes by which way" flush>
      <Table
        caption="Ways of being told, by subject"
        columns={columns}
        rows={categories}
        rowKey={(category) => category}
      />
    </Card>
  );
}

function Tick({ choice, update }: { choice: Choice; update: Update }): ReactNode {
  const name = `${humanise(choice.category)} by ${humanise(choice.channel)}`;
  const change = (enabled: boolean): void =>
    void update({ choices: [{ ...choice, enabled }] }, `${name}: ${enabled ? "on" : "off"}`);
  return (
    <label className={styles.tick}>
      <input
        type="checkbox"
        aria-label={name}
        checked={choice.enabled}
        onChange={(event) => change(event.target.checked)}
      />
    </label>
  );
}

/** Nights are those of where somebody first chose them. */
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

function Night({ preferences, update }: { preferences: Preferences; update: Update }): ReactNode {
  const { quietHours } = preferences;
  const timeZone = quietHours ? preferences.timeZone : HERE;
  const [begins, setBegins] = useState(quietHours?.begins.slice(0, 5) ?? "");
  const [ends, setEnds] = useState(quietHours?.ends.slice(0, 5) ?? "");
  const keep = (): void => void update({ quietHours: { begins, ends }, timeZone }, "Nights are kept quiet");
  return (
    <Card title="Night" note={`Mail and text messages wait until it is over. Times are of ${timeZone}.`}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          keep();
        }}
      >
        <div className="grid">
          <TextField label="It begins" type="time" required value={begins} onChange={setBegins} />
          <TextField label="It ends" type="time" required value={ends} onChange={setEnds} />
        </div>
        <div className="row">
          <Button type="submit" look="primary" disabled={!begins || !ends}>
            Keep nights quiet
          </Button>
          {quietHours && (
            <Button onClick={() => void update({ quietHours: null }, "Nights are like days")}>No quiet hours</Button>
          )}
        </div>
      </form>
    </Card>
  );
}
