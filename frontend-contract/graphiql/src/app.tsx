/** The page: the bar, GraphiQL below it, and what has to happen between the two. */
import { DOC_EXPLORER_PLUGIN, DocExplorerStore } from "@graphiql/plugin-doc-explorer";
import { HISTORY_PLUGIN, HistoryStore } from "@graphiql/plugin-history";
import { GraphiQLProvider, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import type { Fetcher } from "@graphiql/toolkit";
import { GraphiQL, GraphiQLInterface } from "graphiql";
import { useEffect } from "react";
import { Bar } from "./bar";
import { openedFirst, variablesToRun, type Library } from "./examples";
import { feed } from "./feed-log";
import { FeedPanel } from "./feed-panel";
import type { Session } from "./session";
import type { Socket } from "./socket";
import { useStore } from "./store";

const WELCOME = `# Sign in above, choose an example, and run it with Ctrl-Enter.
# Subscriptions stay open: their items appear on the right as they happen.

{
  __typename
}
`;

const PLUGINS = [DOC_EXPLORER_PLUGIN, HISTORY_PLUGIN];

interface AppProps {
  fetcher: Fetcher;
  session: Session;
  socket: Socket;
  library: Library;
}

export function App({ fetcher, session, socket, library }: AppProps) {
  const firstTabs = openedFirst(library.examples).map((example) => ({ query: example.query, variables: variablesToRun(example) ?? null }));
  return (
    <GraphiQLProvider
      fetcher={fetcher}
      plugins={PLUGINS}
      referencePlugin={DOC_EXPLORER_PLUGIN}
      defaultQuery={WELCOME}
      defaultTabs={firstTabs.length > 0 ? firstTabs : undefined}
      externalFragments={library.fragments}
      inputValueDeprecation
      schemaDescription
    >
      <HistoryStore>
        <DocExplorerStore>
          <Bar session={session} socket={socket} library={library} />
          <Between session={session} />
          <main>
            <GraphiQLInterface showPersistHeadersSettings={false} defaultEditorToolsVisibility>
              <GraphiQL.Logo>
                <span />
              </GraphiQL.Logo>
              <GraphiQL.Footer>
                <FeedPanel />
              </GraphiQL.Footer>
            </GraphiQLInterface>
          </main>
        </DocExplorerStore>
      </HistoryStore>
    </GraphiQLProvider>
  );
}

function Between({ session }: { session: Session }) {
  useFeedOfOneTab();
  useVariablesOfFirstTab();
  useSchemaOfUser(session);
  return null;
}

/** A feed writes its items into the tab in front, so it stops, and its log goes, when another tab comes to the front. */
function useFeedOfOneTab(): void {
  const { stop } = useGraphiQLActions();
  const tab = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.id);
  useEffect(
    () => () => {
      stop();
      feed.set(null);
    },
    [tab, stop],
  );
}

/** GraphiQL puts the query of a restored or default tab into its editor, but forgets the variables of the one it starts with. */
function useVariablesOfFirstTab(): void {
  const editor = useGraphiQL((state) => state.variableEditor);
  const variables = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.variables);
  useEffect(() => {
    if (editor && variables && editor.getValue() === "") editor.setValue(variables);
    // Only when the editor appears: later an empty editor is the user's wish.
  }, [editor]);
}

/** Where the schema is shown to signed-in users only, it is asked for again after signing in. */
function useSchemaOfUser(session: Session): void {
  const user = useStore(session.state).tokens?.user.id;
  const schema = useGraphiQL((state) => state.schema);
  const { introspect } = useGraphiQLActions();
  useEffect(() => {
    if (user && !schema) void introspect();
  }, [user]);
}
